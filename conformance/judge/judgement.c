#include "conformance/judge/judgement.h"

#include <assert.h>

void judgement_clear(struct judgement *judgement) {
    judgement->judged = judgement->allowed = judgement->decided = judgement->exhaustive = judgement->refused = false;
    judgement->contradicted = judgement->follows = NULL;
    judgement->follows_perhaps = false;
    judgement->not_modelled = judgement->after_not_modelled = NULL;
    judgement->worlds_count = judgement->allowed_count = 0;
    judgement->continued_with = CONTINUED_AS_IF_NOT_MADE;
    judgement->refused_count = 0;
    judgement->why[0] = '\0';
    judgement->refused_what = 0;
    judgement->refused_member = judgement->refused_first = judgement->refused_last = 0;
}

void judgement_add_follows(const struct judgement *judgement, struct text *out) {
    assert(judgement != NULL && out != NULL);
    if (judgement->follows == NULL) return;
    unsigned line = (unsigned)judgement->follows->position.line;
    if (judgement->follows_perhaps)
        text_add(out, "perhaps from line %u: no world can say what that answer did to the same handle", line);
    else text_add(out, "from line %u: this is right for a host that did something else there than it answered", line);
}
