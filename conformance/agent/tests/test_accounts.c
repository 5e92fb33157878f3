/* Whose processes an agent can play: four agents, and what scenarios ask of them. */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/host_facts.h"
#include "conformance/agent/tests/agent_fixture.h"

static const struct own_account user = { ACCOUNT_STANDARD_USER, false, false };
static const struct own_account filtered = { ACCOUNT_ADMINISTRATOR, false, false };
static const struct own_account elevated = { ACCOUNT_ADMINISTRATOR, true, false };
static const struct own_account unreadable = { .unknown = true };

/* "" when this agent can play it, else why not. Static memory. */
static const char *refusal(const struct own_account *own, const char *text) {
    static struct reason reason;
    const struct own_account before = *accounts_own();
    struct scenario *scenario = agent_scenario(text);
    reason = (struct reason){ "" };
    accounts_assume(own);
    bool allowed = accounts_allow(scenario, &reason);
    accounts_assume(&before);
    scenario_free(scenario);
    CU_ASSERT_EQUAL(allowed, reason.text[0] == '\0');
    return reason.text;
}

static void who_needs_no_account_is_played_by_any_agent(void) {
    static const char text[] = "scenario plain\n\nprocess app\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&user, text), "");
    CU_ASSERT_STRING_EQUAL(refusal(&elevated, text), "");
}

static void an_elevated_process_needs_an_elevated_agent(void) {
    static const char text[] = "scenario elevated\n\nprocess app elevated\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&user, text), "process app: this agent is not elevated");
    CU_ASSERT_STRING_EQUAL(refusal(&filtered, text), "process app: this agent is not elevated");
    CU_ASSERT_STRING_EQUAL(refusal(&elevated, text), "");
}

static void an_account_is_played_by_an_agent_of_its_kind(void) {
    static const char text[] = "scenario named\n\nuser bob is standard-user\nprocess app as bob\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&user, text), "");
    CU_ASSERT_STRING_EQUAL(refusal(&filtered, text),
                           "process app: this agent has an account of another kind; see --approximate");
}

/* UAC gives an administrator's process a filtered token: the agent must not have more. */
static void an_elevated_agent_is_not_an_administrator_s_ordinary_process(void) {
    static const char text[] =
        "scenario named\n\nuser alice is administrator\nprocess app as alice\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&filtered, text), "");
    CU_ASSERT_STRING_EQUAL(refusal(&elevated, text), "process app: this agent is elevated; see --approximate");
}

/* As an elevated process's restricted child may be: standing for a standard user would be a guess. */
static void an_agent_that_cannot_read_its_token_is_no_one(void) {
    static const char text[] = "scenario named\n\nuser bob is standard-user\nprocess app as bob\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&unreadable, text),
                           "process app: this agent cannot read its own token, so whose it is is unknown");
}

static void one_agent_is_one_account(void) {
    static const char text[] = "scenario two\n\nuser bob is standard-user\nuser eve is standard-user\n"
                               "process app as bob\nprocess other as eve\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&user, text), "process other: this agent has one account; see --approximate");
}

static void no_agent_has_a_password(void) {
    static const char text[] = "scenario impersonates\n\nuser bob is standard-user\nprocess app\n\n"
                               "app: ImpersonateLoggedOnUser(bob) -> ok @inferred\n";
    CU_ASSERT_STRING_EQUAL(refusal(&elevated, text),
                           "ImpersonateLoggedOnUser: this agent has no passwords; see --approximate");
}

static void a_manifest_needs_a_program_beside_the_agent(void) {
    static const char text[] = "scenario manifest\n\nprocess app manifest=highestAvailable\n\ncheck invariants\n";
    CU_ASSERT_STRING_EQUAL(refusal(&user, text),
                           "process app: the agent's program with this manifest is not beside it");
}

/* --- world lines -------------------------------------------------------------------------------------------------- */

/* What the first line that does not hold on this system says. */
static const char *line_refusal(const char *line, bool resumed) {
    static struct reason reason;
    char text[160];
    snprintf(text, sizeof text, "scenario world\n\n%s\nprocess app\n\ncheck invariants\n", line);
    struct scenario *scenario = agent_scenario(text);
    reason = (struct reason){ "" };
    bool allowed = host_facts_allow(scenario, resumed, &reason);
    scenario_free(scenario);
    CU_ASSERT_EQUAL(allowed, reason.text[0] == '\0');
    return reason.text;
}

static void a_world_line_that_does_not_hold_is_named(void) {
    CU_ASSERT_STRING_EQUAL(line_refusal("world build 19045", false), "world build 19045: this is another build");
    CU_ASSERT_STRING_EQUAL(line_refusal("world dynamic-range tcp 49152-65535", false),
                           "world dynamic-range tcp 49152-65535: this host does not tell its dynamic range");
    CU_ASSERT_STRING_EQUAL(line_refusal("world exclusion udp 50000-50009 administered", false),
                           "world exclusion udp 50000-50009 administered: this host does not tell its exclusions");
    CU_ASSERT_STRING_EQUAL(line_refusal("world uac EnableLUA=0", false),
                           "world uac EnableLUA=0: UAC is set otherwise here");
}

/* The registry's file from now on. */
static void registry_says(const char *lines) {
    static const char path[] = "build/agent-registry";
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(lines, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
    CU_ASSERT_EQUAL(setenv("SYSTEM_REGISTRY", path, 1), 0);
}

static void a_setting_of_uac_that_is_not_there_has_its_default(void) {
    registry_says("");
    CU_ASSERT_TRUE(host_facts_uac_is("EnableLUA", 1));
    CU_ASSERT_FALSE(host_facts_uac_is("EnableLUA", 0));
    CU_ASSERT_TRUE(host_facts_uac_is("ConsentPromptBehaviorAdmin", 5));
    CU_ASSERT_TRUE(host_facts_uac_is("ConsentPromptBehaviorUser", 3));
    CU_ASSERT_FALSE(host_facts_uac_is("NoSuchSetting", 0));
    registry_says("EnableLUA 0\nConsentPromptBehaviorAdmin 2\n");
    CU_ASSERT_TRUE(host_facts_uac_is("EnableLUA", 0));
    CU_ASSERT_FALSE(host_facts_uac_is("EnableLUA", 1));
    CU_ASSERT_FALSE(host_facts_uac_is("ConsentPromptBehaviorAdmin", 5));
    registry_says(
        "EnableLUA yes\nConsentPromptBehaviorAdmin 99999999999\nEnableLUAs 0\n"); /* no numbers: as if absent */
    CU_ASSERT_TRUE(host_facts_uac_is("EnableLUA", 1));
    CU_ASSERT_TRUE(host_facts_uac_is("ConsentPromptBehaviorAdmin", 5));
    unsetenv("SYSTEM_REGISTRY");
    remove("build/agent-registry");
    CU_ASSERT_FALSE(host_facts_uac_is("EnableLUA", 1)); /* a system without one */
}

/* A restart has taken it away. */
static void an_active_exclusion_is_not_asked_for_after_a_restart(void) {
    static const char line[] = "world exclusion tcp 50000-50009 administered active";
    CU_ASSERT_STRING_NOT_EQUAL(line_refusal(line, false), "");
    CU_ASSERT_STRING_EQUAL(line_refusal(line, true), "");
}

/* Behind the table there is the model here, which implements them. */
static void the_provider_is_asked_for_the_three_codes(void) {
    CU_ASSERT_STRING_EQUAL(line_refusal("world implements yes", false), "");
    CU_ASSERT_STRING_EQUAL(line_refusal("world implements no", false),
                           "world implements no: this provider implements the three codes");
}

void register_agent_accounts_tests(void);

void register_agent_accounts_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: accounts and worlds", NULL, NULL);
    CU_add_test(suite, "who needs no account is played by any agent", who_needs_no_account_is_played_by_any_agent);
    CU_add_test(suite, "an elevated process needs an elevated agent", an_elevated_process_needs_an_elevated_agent);
    CU_add_test(suite, "an account is played by an agent of its kind", an_account_is_played_by_an_agent_of_its_kind);
    CU_add_test(suite, "an elevated agent is not an administrator's ordinary process",
                an_elevated_agent_is_not_an_administrator_s_ordinary_process);
    CU_add_test(suite, "an agent that cannot read its token is no one", an_agent_that_cannot_read_its_token_is_no_one);
    CU_add_test(suite, "one agent is one account", one_agent_is_one_account);
    CU_add_test(suite, "no agent has a password", no_agent_has_a_password);
    CU_add_test(suite, "a manifest needs a program beside the agent", a_manifest_needs_a_program_beside_the_agent);
    CU_add_test(suite, "a world line that does not hold is named", a_world_line_that_does_not_hold_is_named);
    CU_add_test(suite, "a setting of UAC that is not there has its default",
                a_setting_of_uac_that_is_not_there_has_its_default);
    CU_add_test(suite, "an active exclusion is not asked for after a restart",
                an_active_exclusion_is_not_asked_for_after_a_restart);
    CU_add_test(suite, "the provider is asked for the three codes", the_provider_is_asked_for_the_three_codes);
}
