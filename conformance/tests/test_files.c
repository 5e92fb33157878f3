/* Files and folders by path: a folder of our own, made and removed by each test. */
#define _DEFAULT_SOURCE /* symlink, getpid */

#include <CUnit/CUnit.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/base/folders.h"

void register_files_tests(void);

static char own[FOLDER_PATH_MAX];

static const char *in_own(const char *name) {
    static char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", own, name);
    return path;
}

static int make_own(void) {
    snprintf(own, sizeof own, "build/files-test-%ld", (long)getpid());
    file_make_folders(in_own("a/b/x"));
    bool good = file_write(in_own("a/b/one.scn"), "one", 3) && file_write(in_own("a/two.scn"), "two", 3) &&
                file_write(in_own("a/.hidden.scn"), "", 0) && file_write(in_own("elsewhere/three.scn"), "3", 1);
    return good ? 0 : 1;
}

static int remove_own(void) {
    char command[FOLDER_PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", own);
    return system(command);
}

/* "a/b/one.scn a/two.scn", sorted, below our folder. */
static void expect_paths(struct path_list *list, const char *expected) {
    char found[FOLDER_PATH_MAX] = "";
    path_list_sort(list);
    for (size_t i = 0; i < list->count; i++) {
        size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%s", i == 0 ? "" : " ", path_below(own, list->paths[i]));
    }
    CU_ASSERT_STRING_EQUAL(found, expected);
    path_list_free(list);
}

static void a_link_to_a_folder_is_followed_or_named(void) {
    struct path_list found = { 0 }, links = { 0 };
    char trouble[FOLDER_PATH_MAX];
    CU_ASSERT_EQUAL_FATAL(symlink("../elsewhere", in_own("a/away")), 0);
    CU_ASSERT_TRUE(folder_find(in_own("a"), ".scn", &found, trouble));
    expect_paths(&found, "a/away/three.scn a/b/one.scn a/two.scn");
    CU_ASSERT_TRUE(folder_find_unlinked(in_own("a"), ".scn", &found, &links, trouble));
    expect_paths(&found, "a/b/one.scn a/two.scn");
    expect_paths(&links, "a/away");
    file_remove(in_own("a/away"));
}

static void a_link_that_leads_back_up_ends_the_way(void) {
    struct path_list found = { 0 };
    char trouble[FOLDER_PATH_MAX];
    CU_ASSERT_EQUAL_FATAL(symlink("../..", in_own("a/b/up")), 0);
    CU_ASSERT_TRUE(folder_find(own, ".scn", &found, trouble));
    expect_paths(&found, "a/b/one.scn a/two.scn elsewhere/three.scn");
    file_remove(in_own("a/b/up"));
}

static void a_link_to_nothing_is_no_file(void) {
    struct path_list found = { 0 };
    char trouble[FOLDER_PATH_MAX];
    CU_ASSERT_EQUAL_FATAL(symlink("gone.scn", in_own("a/b/lost.scn")), 0);
    CU_ASSERT_TRUE(folder_find(in_own("a/b"), ".scn", &found, trouble));
    expect_paths(&found, "a/b/one.scn");
    file_remove(in_own("a/b/lost.scn"));
}

static void what_is_no_folder_is_named(void) {
    struct path_list found = { 0 };
    char trouble[FOLDER_PATH_MAX];
    CU_ASSERT_FALSE(folder_find(in_own("a/two.scn"), ".scn", &found, trouble));
    CU_ASSERT_STRING_EQUAL(path_below(own, trouble), "a/two.scn");
    CU_ASSERT_EQUAL(found.count, 0);
}

static void the_cause_of_a_failure_stays_in_errno(void) {
    size_t length = 0;
    errno = 0;
    CU_ASSERT_PTR_NULL(file_create(in_own("a/two.scn/deeper/file")));
    CU_ASSERT_EQUAL(errno, ENOTDIR); /* and not that the file is missing */
    CU_ASSERT_FALSE(file_write(in_own("a/b"), "x", 1));
    CU_ASSERT_EQUAL(errno, EISDIR);
    CU_ASSERT_EQUAL(path_kind_of(in_own("a/b.new")), PATH_MISSING); /* nothing half-done stays */
    CU_ASSERT_PTR_NULL(file_read(in_own("a/none"), 16, &length));
    CU_ASSERT_EQUAL(errno, ENOENT);
}

static void a_file_that_is_written_keeps_link_and_permissions(void) {
    struct stat status;
    size_t length = 0;
    CU_ASSERT_EQUAL_FATAL(symlink("a/two.scn", in_own("link")), 0);
    CU_ASSERT_EQUAL(chmod(in_own("a/two.scn"), 0640), 0);
    CU_ASSERT_TRUE(file_write(in_own("link"), "four", 4));
    char *bytes = file_read(in_own("a/two.scn"), 4, &length);
    CU_ASSERT_STRING_EQUAL(bytes, "four");
    free(bytes);
    CU_ASSERT_PTR_NULL(file_read(in_own("a/two.scn"), 3, &length)); /* longer than allowed */
    CU_ASSERT_TRUE(lstat(in_own("link"), &status) == 0 && S_ISLNK(status.st_mode));
    CU_ASSERT_TRUE(stat(in_own("link"), &status) == 0 && (status.st_mode & 0777) == 0640);
    file_remove(in_own("link"));
}

static void a_file_is_read_up_to_its_limit(void) {
    static char written[100 * 1024];
    for (size_t i = 0; i < sizeof written; i++) written[i] = (char)('a' + i % 26);
    const size_t lengths[] = { 0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 32 * 1024 + 1, sizeof written };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t length = 0;
        CU_ASSERT_TRUE_FATAL(file_write(in_own("long"), written, lengths[i]));
        char *bytes = file_read(in_own("long"), lengths[i], &length);
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL(length, lengths[i]);
        CU_ASSERT_TRUE(memcmp(bytes, written, length) == 0 && bytes[length] == '\0');
        free(bytes);
        if (lengths[i] > 0) CU_ASSERT_PTR_NULL(file_read(in_own("long"), lengths[i] - 1, &length));
    }
}

static void a_device_is_written_to_as_it_is(void) {
    CU_ASSERT_TRUE(file_write("/dev/null", "gone", 4));
    CU_ASSERT_FALSE(file_write("/dev/full", "gone", 4));
    CU_ASSERT_EQUAL(errno, ENOSPC);
    CU_ASSERT_EQUAL(path_kind_of("/dev/null.new"), PATH_MISSING);
}

static void the_same_file_has_one_identity(void) {
    uint64_t device, number, other_device, other_number;
    path_identity(in_own("a/two.scn"), &device, &number);
    path_identity(in_own("a/b/../two.scn"), &other_device, &other_number);
    CU_ASSERT_TRUE(number != 0 && device == other_device && number == other_number);
    path_identity(in_own("a/none"), &device, &number);
    CU_ASSERT_TRUE(device == 0 && number == 0);
}

void register_files_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/files", make_own, remove_own);
    CU_add_test(suite, "a link to a folder is followed, or named", a_link_to_a_folder_is_followed_or_named);
    CU_add_test(suite, "a link that leads back up ends the way", a_link_that_leads_back_up_ends_the_way);
    CU_add_test(suite, "a link to nothing is no file", a_link_to_nothing_is_no_file);
    CU_add_test(suite, "what is no folder is named", what_is_no_folder_is_named);
    CU_add_test(suite, "the cause of a failure stays in errno", the_cause_of_a_failure_stays_in_errno);
    CU_add_test(suite, "a file that is written keeps link and permissions",
                a_file_that_is_written_keeps_link_and_permissions);
    CU_add_test(suite, "a file is read up to its limit", a_file_is_read_up_to_its_limit);
    CU_add_test(suite, "a device is written to as it is", a_device_is_written_to_as_it_is);
    CU_add_test(suite, "the same file has one identity", the_same_file_has_one_identity);
}
