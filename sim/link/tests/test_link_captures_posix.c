/* Captures of conversations between machines: their links have names. What this leaves in build/link-captures is read
 * by tshark, which may find nothing wrong there (.make/tests/captures.sh). */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

#include "sim/capture/capture.h"
#include "sim/link/tests/conversation.h"

void register_link_capture_tests(void);

static const char *const names[] = { "client-server" };

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

static void keep(void *self, unsigned link, uint64_t now_ns, const uint8_t *bytes, uint32_t length) {
    capture_packet_on(self, link, now_ns, bytes, length);
}

/* A conversation in a file of this form, which is rewound. */
static FILE *recorded(enum capture_form form, const struct conversation_plan *plan) {
    struct frames_error error;
    FILE *file = tmpfile();
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    FILE *again = fdopen(dup(fileno(file)), "w+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    struct capture *capture = capture_begin_links(again, form, names, 1, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
    const struct network_tap tap = { .self = capture, .packet = keep };
    struct conversation held = conversation_hold(plan, &tap);
    CU_ASSERT_PTR_NULL(held.wrong);
    CU_ASSERT(capture_end(capture));
    rewind(file);
    return file;
}

/* A plan without faults: nothing is lost, so no sequence may surprise anyone. */
static struct conversation_plan clean(uint64_t seed) {
    struct conversation_plan plan = conversation_drawn(seed);
    plan.link.lost = plan.link.repeated = plan.link.overtaken = plan.link.damaged = 0;
    plan.link.bits_per_second = 0; /* what waits for a slow link is sent again before it arrives */
    plan.cut_ns = plan.mended_ns = UINT64_MAX;
    return plan;
}

static void leave(const char *kind, uint64_t seed, const struct conversation_plan *plan) {
    char path[100], new_path[140], bytes[4096];
    size_t count;
    FILE *from = recorded(CAPTURE_PCAPNG, plan);
    snprintf(path, sizeof path, "build/link-captures/%s-%u.pcapng", kind, (unsigned)seed);
    snprintf(new_path, sizeof new_path, "%s.%ld", path, (long)getpid());
    FILE *to = fopen(new_path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    while ((count = fread(bytes, 1, sizeof bytes, from)) > 0) CU_ASSERT_EQUAL(fwrite(bytes, 1, count, to), count);
    fclose(from);
    CU_ASSERT_EQUAL(fclose(to), 0);
    CU_ASSERT_EQUAL(rename(new_path, path), 0);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void a_capture_in_words_names_the_link(void) {
    const struct conversation_plan plan = clean(1);
    char line[400] = "";
    FILE *file = recorded(CAPTURE_TEXT, &plan);
    CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof line, file));
    CU_ASSERT_PTR_NOT_NULL(strstr(line, " client-server tcp "));
    CU_ASSERT_PTR_NOT_NULL(strstr(line, " SYN "));
    fclose(file);
}

static void one_seed_leaves_the_same_bytes(void) {
    const struct conversation_plan plan = conversation_drawn(3);
    FILE *one = recorded(CAPTURE_PCAPNG, &plan), *other = recorded(CAPTURE_PCAPNG, &plan);
    unsigned count = 0;
    int first = 0, second = 0;
    while (first == second && first != EOF) {
        first = fgetc(one);
        second = fgetc(other);
        count++;
    }
    CU_ASSERT_EQUAL(first, second);
    CU_ASSERT(count > 500);
    fclose(one);
    fclose(other);
}

static void captures_are_left_for_tshark(void) {
    mkdir("build/link-captures", 0777);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        const struct conversation_plan without = clean(seed), with = conversation_drawn(seed);
        leave("clean", seed, &without);
        leave("faulty", seed, &with);
    }
}

void register_link_capture_tests(void) {
    CU_pSuite suite = CU_add_suite("captures of links", NULL, NULL);
    CU_add_test(suite, "a capture in words names the link", a_capture_in_words_names_the_link);
    CU_add_test(suite, "one seed leaves the same bytes", one_seed_leaves_the_same_bytes);
    CU_add_test(suite, "captures are left for tshark", captures_are_left_for_tshark);
}
