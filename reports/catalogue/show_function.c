#include "reports/catalogue/show_function.h"

#include <stdio.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/language/function_words.h"
#include "reports/catalogue/answers.h"
#include "reports/catalogue/show_facts.h"
#include "reports/catalogue/tally.h"
#include "stack/call/signature.h"
#include "stack/errors.h"

static const struct signature *function_alike(const char *id) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++)
        if (words_are_alike(signature_of((enum function)i)->name, id)) return signature_of((enum function)i);
    return NULL;
}

bool function_is_named(const char *id) { return function_alike(id) != NULL; }

static void add_head(const struct signature *signature, struct text *out) {
    text_add(out, "%s  %s", signature->name, signature->module);
    if (signature->ordinal != BY_NAME) text_add(out, ", ordinal %u", signature->ordinal);
    if (signature->provider != NULL) text_add(out, "; a provider's %s", signature->provider);
    text_add(out, "\n  ");
    function_add_call(signature, out);
    text_add(out, "\n  succeeds    %s%s\n", function_success(signature),
             signature->returns == RETURNS_NUMBER      ? ""
             : signature->family == ERROR_FAMILY_WIN32 ? "; its errors are Win32's"
                                                       : "; its errors are Winsock's");
    if (function_product(signature)[0] != '\0') text_add(out, "  brings      %s\n", function_product(signature));
    struct text observed = { 0 };
    function_add_observed(signature, &observed);
    if (observed.length > 0) text_add(out, "  observed    %s\n", observed.bytes);
    text_free(&observed);
}

/* The outcome without what is observed beside it. A call that pends is answered so. */
static bool outcome_of(const struct step_order *order, unsigned index, const struct step_record *step,
                       const void *about, char key[TALLY_KEY_MAX]) {
    const struct step *made = order->steps[index];
    if (made->kind == STEP_RETURNS) made = step_order_call_of(order, made);
    if (made == NULL || made->kind != STEP_CALL || made->signature != about) return false;
    snprintf(key, TALLY_KEY_MAX, "%.*s", (int)strcspn(step->outcome, " "), step->outcome);
    return true;
}

int show_function(const char *folder, const char *id, struct text *out) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    struct tally tally = { .count = 0 };
    const struct signature *signature = function_alike(id);
    if (signature == NULL && function_is_known(id, (unsigned)strlen(id))) {
        text_add(out, "%s\n  known, and not modelled: a scenario may call it, and is reported as not-modelled\n", id);
        return 0;
    }
    struct nearest nearest = nearest_to(id, (unsigned)strlen(id));
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) nearest_offer(&nearest, signature_of((enum function)i)->name);
    if (signature == NULL) return show_missing("function", id, nearest.best);
    add_head(signature, out);
    bool good = data_read_scenarios(&data, folder);
    answers_read(&answers, &data.set, folder, ANSWERS_ABOUT_CLAUSES);
    tally_answers(&tally, &answers, outcome_of, signature);
    text_add(out, tally.count == 0 ? "  no scenario calls it\n" : "  answered, by whom how often, and where\n");
    tally_print(&tally, &answers, out);
    tally_free(&tally);
    answers_free(&answers);
    data_free(&data);
    return good ? 0 : 2;
}
