#include "conformance/judge/judgement.h"

void judgement_clear(struct judgement *judgement) {
    judgement->judged = judgement->allowed = judgement->decided = judgement->exhaustive = judgement->refused = false;
    judgement->contradicted = NULL;
    judgement->not_modelled = judgement->after_not_modelled = NULL;
    judgement->worlds_count = judgement->allowed_count = 0;
    judgement->continued_with = CONTINUED_AS_IF_NOT_MADE;
    judgement->refused_count = 0;
    judgement->why[0] = '\0';
    judgement->refused_what = 0;
    judgement->refused_member = judgement->refused_first = judgement->refused_last = 0;
}
