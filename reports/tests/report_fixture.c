#include "reports/tests/report_fixture.h"

#include <CUnit/CUnit.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/parser.h"
#include "conformance/language/printer.h"

/* Steps on lines 6 and 7. */
static const char lines[] =
    "scenario after-bind\n"
    "  title A bound socket cannot be associated\n"
    "\n"
    "process app\n"
    "\n"
    "app: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok\n"
    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=hex(01 00 00 00 00 00 00 00)) -> WSAEINVAL @ASC-02\n";

static struct scenario *parsed(void) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("after-bind.scn", lines, sizeof lines - 1, &error);
    if (scenario == NULL) printf("\n    %s", error.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static void add_step(struct instance_record *instance, unsigned index, const char *outcome) {
    struct step_record *step = &instance->steps[index];
    struct text call = { 0 };
    assert(index < instance->instance->steps_count);
    step_print_call(instance->instance, &instance->instance->steps[index], &call);
    *step = (struct step_record){
        .step = &instance->instance->steps[index],
        .result = STEP_SEEN,
        .call = instance_record_text(instance, call.bytes),
        .outcome = outcome,
        .verdict = VERDICT_CONFORM,
        .exhaustive = true,
        .continued_with = -1,
    };
    text_free(&call);
}

struct instance_record *add_instance(struct report_fixture *fixture, const char *scenario, const char *suffix,
                                     unsigned subject) {
    struct instance_record *instance = run_record_add(&fixture->record);
    struct text id = { 0 }, path = { 0 };
    text_add(&id, "%s%s", scenario, suffix);
    text_add(&path, "scenarios/%s.scn", scenario);
    instance->instance = parsed();
    instance->scenario = instance_record_text(instance, scenario);
    instance->id = instance_record_text(instance, id.bytes);
    instance->path = instance_record_text(instance, path.bytes);
    instance->subject = subject;
    instance->steps = arena_allocate(instance->arena, 2 * sizeof *instance->steps);
    instance->steps_count = instance->steps_sent = 2;
    add_step(instance, 0, "ok error=0");
    add_step(instance, 1, "WSAEINVAL bytes=0");
    text_add(&instance->trace, "trace %s\n", instance->id);
    text_free(&id);
    text_free(&path);
    return instance;
}

void deviates(struct instance_record *instance, const struct deviation_rule *rule) {
    struct step_record *step = &instance->steps[1];
    step->outcome = "WSAEOPNOTSUPP bytes=0";
    step->seen_as = "WSAEOPNOTSUPP bytes=0";
    step->verdict = rule == NULL ? VERDICT_DEVIATE_NEW : VERDICT_DEVIATE_KNOWN;
    step->rule = rule;
    step->allowed_count = 2;
    step->allowed[0] = (struct allowed_text){ "WSAEINVAL bytes=0|untouched", "@ASC-02 @Q38=a (documented)" };
    step->allowed[1] = (struct allowed_text){ "ok bytes=0", "@Q38=c" };
    step->continued_with = 0;
    step->continued_as = "WSAEINVAL bytes=0";
    instance_record_raise(instance, step->verdict, NULL);
}

void given_empty_run(struct report_fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    fixture->model.kind = SUBJECT_MODEL;
    fixture->host.kind = SUBJECT_HOST;
    snprintf(fixture->model.name, sizeof fixture->model.name, "model");
    snprintf(fixture->host.name, sizeof fixture->host.name, "wine-8.0");
    fact_list_add(&fixture->model.facts, "by", "model");
    fact_list_add(&fixture->host.facts, "by", "agent");
    fact_list_add(&fixture->host.facts, "build", "17763");
    fixture->record.subjects[0] = &fixture->model;
    fixture->record.subjects[1] = &fixture->host;
    fixture->record.subjects_count = 2;
    fixture->reviewed_rule =
        (struct deviation_rule){ .name = "event-never-set", .reason = "Wine forgets the event", .reviewed = true };
    fixture->unreviewed_rule =
        (struct deviation_rule){ .name = "rule-7", .reason = "no one has looked yet", .reviewed = false };
    fixture->report = (struct report){
        .record = &fixture->record,
        .version = "1.2.3",
        .reason = "nightly",
        .profile = "windows",
        .seed = 42,
        .repeat = 1,
        .environment = { .system = "Linux 6.1.0", .machine = "x86_64", .compiler = "gcc 12.2.0, 64 bits" },
    };
}

void given_nothing_new(struct report_fixture *fixture) {
    given_empty_run(fixture);
    for (unsigned subject = 0; subject < 2; subject++) {
        add_instance(fixture, "associate/after-bind", "[udp.v4]", subject);
        add_instance(fixture, "runtime/canonical", "", subject);
    }
}

void given_new_deviation(struct report_fixture *fixture) {
    given_nothing_new(fixture);
    deviates(fixture->record.instances[2], NULL);
    deviates(add_instance(fixture, "associate/after-bind", "[udp.v6]", 1), NULL);
    fixture->report.status = EXIT_STATUS_DEVIATES;
}

static struct instance_record *add_verdict(struct report_fixture *fixture, enum verdict verdict, const char *reason) {
    struct text scenario = { 0 };
    text_add(&scenario, "verdicts/%s", verdict_name(verdict));
    struct instance_record *instance = add_instance(fixture, scenario.bytes, "", 1);
    if (reason != NULL) instance_record_raise(instance, verdict, reason);
    text_free(&scenario);
    return instance;
}

static void not_sent(struct instance_record *instance, enum step_result result, enum verdict verdict,
                     const char *note) {
    struct step_record *step = &instance->steps[1];
    step->result = result;
    step->outcome = NULL;
    step->verdict = verdict;
    step->note = note;
    instance->steps_sent = 1;
    instance_record_raise(instance, verdict, note);
}

void given_every_verdict(struct report_fixture *fixture) {
    given_empty_run(fixture);
    fixture->report.status = EXIT_STATUS_BROKEN;
    struct instance_record *refused = add_verdict(fixture, VERDICT_CONFORM, NULL);
    refused->steps[1].not_implemented = true;
    refused->steps[1].outcome = "WSAEOPNOTSUPP bytes=0";
    not_sent(add_verdict(fixture, VERDICT_UNSUPPORTED, NULL), STEP_UNSUPPORTED, VERDICT_UNSUPPORTED,
             "no second account here");
    not_sent(add_verdict(fixture, VERDICT_INCONCLUSIVE, NULL), STEP_NEEDS, VERDICT_INCONCLUSIVE,
             "not sent: needs r, line 7");
    deviates(add_verdict(fixture, VERDICT_DEVIATE_KNOWN, NULL), &fixture->reviewed_rule);
    deviates(add_instance(fixture, "verdicts/deviate-known", "[again]", 1), &fixture->unreviewed_rule);
    add_verdict(fixture, VERDICT_UNSEEN_NEW, "unsupported, which is not recorded: no second account here");
    add_verdict(fixture, VERDICT_CONFORM_UNEXPECTED, "the recorded deviation event-never-set did not happen here");
    struct instance_record *flaky = add_verdict(fixture, VERDICT_FLAKY, "one run was conform, another deviate-new");
    flaky->runs = 5;
    flaky->runs_other = 2;
    deviates(add_verdict(fixture, VERDICT_DEVIATE_NEW, NULL), NULL);
    not_sent(add_verdict(fixture, VERDICT_HARNESS_BROKEN, NULL), STEP_BROKEN, VERDICT_HARNESS_BROKEN,
             "the host exited");
}

void given_hostile_texts(struct report_fixture *fixture) {
    given_empty_run(fixture);
    fixture->report.reason = "<b>\"R&D\"</b> | `x`\n## no heading";
    fixture->report.status = EXIT_STATUS_DEVIATES;
    fact_list_add(&fixture->host.facts, "wine", "8.0\x1B[31m & \"more\"");
    struct instance_record *instance = add_instance(fixture, "odd/<&\">", "", 1);
    deviates(instance, NULL);
    instance->steps[1].seen_as = "ok ``<script>`` a|b & ]]>";
    instance->steps[1].note = "bell \x07, half \xC3, none \xFF, surrogate \xED\xA0\x80, delete \x7F, sharp s \xC3\x9F";
    deviates(add_instance(fixture, "odd/known", "", 1), &fixture->reviewed_rule);
    fixture->reviewed_rule.reason = "bars | and <tags> *stars*";
}

void report_done(struct report_fixture *fixture) {
    run_record_free(&fixture->record);
    fact_list_free(&fixture->model.facts);
    fact_list_free(&fixture->host.facts);
    text_free(&fixture->out);
}

void check_holds(const struct text *text, const char *words, bool wanted, const char *file, unsigned line) {
    bool found = text->bytes != NULL && strstr(text->bytes, words) != NULL;
    if (found != wanted)
        printf("\n    %s:%u: %s `%s` in:\n%.4000s\n", file, line, wanted ? "no" : "there is", words, text->bytes);
    CU_ASSERT_EQUAL(found, wanted);
}
