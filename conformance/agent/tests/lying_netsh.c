/* A netsh that lies, for tests of the agent: excluded ports in a real state, and a tongue that cannot be trusted.
 *
 * Its state is the file of NETSH_STATE, a line for each range: `STORE PROTOCOL FIRST COUNT MARK`, such as
 * `persistent tcp 50000 60 *` (MARK `-`: the system's own); IPv6's are in NETSH_STATE.ipv6, where that is. What it does
 * with a command is drawn from NETSH_SEED and from how often it was run so (NETSH_STATE.runs); without a seed, or with
 * 0, it is honest. NETSH_LIE is the number of a lie that it always tells (enum lie), of
 * the family NETSH_LIES_OF where that is set. NETSH_DYNAMIC is another first
 * dynamic port than 49152, the last being 65534; NETSH_DYNAMIC_IPV6 is IPv6's, or `none`: it does not tell that one.
 * NETSH_DYNAMIC_STORED is IPv4's of the persistent store, or `none`. An
 * add takes NETSH_ADDS_AFTER_S seconds. Whatever it says, the state
 * is what it has done. With `page`, `words` or `registry` alone it prints what the machine of the seed is besides
 * (show_machine). */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/tests/netsh_languages.h"
#include "conformance/agent/tests/tongue.h"

enum { RANGES_MAX = 256, TEXT_MAX = 16384 };

struct range {
    char store[12], protocol[4], mark[2];
    unsigned first, count;
};

static struct range ranges[RANGES_MAX];
static unsigned ranges_count;
static char text[TEXT_MAX]; /* what it says, as UTF-8 */
static uint64_t drawn;

/* --- the draw ----------------------------------------------------------------------------------------------------- */

static uint32_t draw(uint32_t below) {
    drawn = drawn * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(drawn >> 33) % below;
}

static const struct netsh_language *language = &netsh_languages[0];

/* --- the state ---------------------------------------------------------------------------------------------------- */

static void read_state(const char *path) {
    FILE *file = fopen(path, "r");
    struct range one;
    while (file != NULL && ranges_count < RANGES_MAX &&
           fscanf(file, "%11s %3s %u %u %1s", one.store, one.protocol, &one.first, &one.count, one.mark) == 5)
        ranges[ranges_count++] = one;
    if (file != NULL) fclose(file);
}

/* At once or not at all: netsh may be killed, too. */
static bool write_state(const char *path) {
    char other[1024];
    snprintf(other, sizeof other, "%s.%u", path, tongue_process());
    FILE *file = fopen(other, "wb");
    if (file == NULL) return false;
    for (unsigned i = 0; i < ranges_count; i++)
        fprintf(file, "%s %s %u %u %s\n", ranges[i].store, ranges[i].protocol, ranges[i].first, ranges[i].count,
                ranges[i].mark);
    return fclose(file) == 0 && tongue_replace(path, other);
}

static bool meets(const struct range *one, const char *store, const char *protocol, unsigned first, unsigned count) {
    return strcmp(one->store, store) == 0 && strcmp(one->protocol, protocol) == 0 && first < one->first + one->count &&
           one->first < first + count;
}

static bool put(const char *store, const char *protocol, unsigned first, unsigned count, const char *mark) {
    struct range one = { .first = first, .count = count };
    for (unsigned i = 0; i < ranges_count; i++)
        if (meets(&ranges[i], store, protocol, first, count) && ranges[i].mark[0] == '*') return false;
    if (ranges_count == RANGES_MAX) return false;
    snprintf(one.store, sizeof one.store, "%s", store);
    snprintf(one.protocol, sizeof one.protocol, "%s", protocol);
    snprintf(one.mark, sizeof one.mark, "%s", mark);
    ranges[ranges_count++] = one;
    return true;
}

static bool take(const char *store, const char *protocol, unsigned first, unsigned count, bool cuts) {
    for (unsigned i = 0; i < ranges_count; i++) {
        struct range one = ranges[i];
        bool same = meets(&one, store, protocol, first, count) && one.first == first && one.count == count;
        bool part = cuts && meets(&one, store, protocol, first, count);
        if (!same && !part) continue;
        ranges[i] = ranges[--ranges_count];
        if (one.first < first) put(store, protocol, one.first, first - one.first, one.mark);
        if (one.first + one.count > first + count)
            put(store, protocol, first + count, one.first + one.count - first - count, one.mark);
        return true;
    }
    return false;
}

/* --- the commands ------------------------------------------------------------------------------------------------- */

static void say(const char *format, const char *word) {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, format, word);
}

static int compare(const void *left, const void *right) {
    const struct range *one = left, *other = right;
    return one->first < other->first ? -1 : one->first > other->first;
}

static void list(const char *store, const char *protocol) {
    say("\r\n", "");
    say(language->title, protocol);
    say("\r\n\r\n%s    ", language->first);
    say("%s\r\n----------    --------\r\n", language->last);
    qsort(ranges, ranges_count, sizeof ranges[0], compare);
    for (unsigned i = 0; i < ranges_count; i++) {
        char row[64];
        if (strcmp(ranges[i].store, store) != 0 || strcmp(ranges[i].protocol, protocol) != 0) continue;
        snprintf(row, sizeof row, "%10u  %10u%s\r\n", ranges[i].first, ranges[i].first + ranges[i].count - 1,
                 ranges[i].mark[0] == '*' ? "     *" : "");
        say("%s", row);
    }
    say("\r\n%s\r\n\r\n", language->foot);
}

/* The value of `name=value` among the words. */
static const char *value_of(char **words, int count, const char *name, const char *otherwise) {
    for (int i = 0; i < count; i++)
        if (strncmp(words[i], name, strlen(name)) == 0 && words[i][strlen(name)] == '=')
            return words[i] + strlen(name) + 1;
    return otherwise;
}

/* Adds or deletes. True: done. */
static bool change(bool adds, char **words, int count, bool cuts) {
    const char *store = value_of(words, count, "store", "persistent"),
               *protocol = value_of(words, count, "protocol", "tcp");
    unsigned first = (unsigned)strtoul(value_of(words, count, "startport", "0"), NULL, 10);
    unsigned ports = (unsigned)strtoul(value_of(words, count, "numberofports", "0"), NULL, 10);
    if (first == 0 || ports == 0 || first + ports > 65536) return false;
    if (!adds) {
        bool taken = take(store, protocol, first, ports, cuts);
        if (strcmp(store, "persistent") == 0) taken |= take("active", protocol, first, ports, cuts);
        return taken;
    }
    if (!put("active", protocol, first, ports, "*") && strcmp(store, "active") == 0) return false;
    return strcmp(store, "active") == 0 || put("persistent", protocol, first, ports, "*");
}

/* A virtual network comes or goes, where no test looks. */
static void move_a_range(void) {
    if (take("active", "tcp", 62000, 100, false)) return;
    put("active", "tcp", 62000, 100, "-");
}

/* --- the tongue --------------------------------------------------------------------------------------------------- */

static void write_out(size_t cut) {
    static char bytes[TEXT_MAX];
    size_t length = tongue_convert(language->page, text, bytes, sizeof bytes);
    if (length == 0 && text[0] != '\0') exit(99); /* the stand-in is at fault */
    if (cut > 0) length = length * cut / 100;
    if (cut > 0 && length > 0 && bytes[length - 1] == '\n') length--;
    fwrite(bytes, 1, length, stdout);
    fflush(stdout);
}

enum lie { HONEST, SLOW, CUT, KILLED, USAGE, USAGE_OK, WRONG_STATUS, DENIED_YET_DONE, OK_YET_NOT_DONE, SILENT, LIES };

static void show_dynamic_range(const char *family, const char *protocol, const char *store) {
    bool is_v6 = strcmp(family, "ipv6") == 0, is_stored = !is_v6 && strcmp(store, "persistent") == 0;
    const char *own = is_v6 ? getenv("NETSH_DYNAMIC_IPV6") : is_stored ? getenv("NETSH_DYNAMIC_STORED") : NULL;
    const char *first = own != NULL ? own : getenv("NETSH_DYNAMIC");
    if (own != NULL && strcmp(own, "none") == 0) {
        say("The request is not supported.\r\n\r\n", "");
        return;
    }
    char numbers[128];
    unsigned long from = first == NULL ? 49152 : strtoul(first, NULL, 10);
    say("\r\n", "");
    say(language->range, protocol);
    say("\r\n---------------------------------\r\n%s", language->start);
    snprintf(numbers, sizeof numbers, " %lu\r\n%s %lu\r\n\r\n", from, language->count,
             first == NULL ? 16384 : 65535 - from);
    say("%s", numbers);
}

static void draw_language(uint64_t seed) {
    drawn = seed;
    if (seed != 0) language = &netsh_languages[draw(NETSH_LANGUAGES)];
}

/* The rest of the machine of this seed: `page` is the code page of its console, `words` what its system says for two
 * errors, which may be nothing, English alone, or the same for both; `registry` settings that may be absent or no
 * numbers. */
static int show_machine(const char *what, uint64_t seed) {
    draw_language(seed);
    uint32_t kind = draw(6);
    if (strcmp(what, "page") == 0) return puts(language->page) < 0;
    if (strcmp(what, "registry") == 0)
        return printf("%s%s", kind % 2 == 0 ? "UBR 4317\n" : "UBR none\n",
                      kind < 2   ? "EnableLUA 0\n"
                      : kind < 4 ? "EnableLUA 18446744073709551616\n"
                                 : "") < 0;
    if (strcmp(what, "words") != 0) return 1;
    if (kind > 1) printf("5 own %s\n", language->system_denied);
    if (kind > 1) printf("740 own %s\n", kind == 2 ? language->system_denied : language->system_elevation);
    if (kind > 0) printf("5 english Access is denied.\n740 english The requested operation requires elevation.\n");
    return 0;
}

/* How often it was run before. */
static unsigned count_run(const char *path) {
    char runs_path[512];
    unsigned runs = 0;
    snprintf(runs_path, sizeof runs_path, "%s.runs", path);
    FILE *file = fopen(runs_path, "r");
    if (file != NULL && fscanf(file, "%u", &runs) != 1) runs = 0;
    if (file != NULL) fclose(file);
    file = fopen(runs_path, "w");
    if (file != NULL && fprintf(file, "%u\n", runs + 1) > 0) fclose(file);
    return runs;
}

int main(int count, char **words) {
    const char *path = getenv("NETSH_STATE"), *seed = getenv("NETSH_SEED"), *delay = getenv("NETSH_ADDS_AFTER_S");
    tongue_prepare();
    if (seed != NULL && count == 2) return show_machine(words[1], strtoull(seed, NULL, 10));
    if (path == NULL || count < 4 || strcmp(words[1], "int") != 0) return 1;
    uint64_t seeded = seed == NULL ? 0 : strtoull(seed, NULL, 10);
    unsigned runs = seeded == 0 ? 0 : count_run(path);
    draw_language(seeded);
    bool cuts = seeded != 0 && draw(2) == 0;
    drawn = seeded * 1000003 + runs * 7919;
    for (int i = 0; i < 4; i++) draw(2);
    enum lie lie = seeded != 0 && draw(4) == 0 ? (enum lie)draw(LIES) : HONEST;
    const char *lies_of = getenv("NETSH_LIES_OF");
    bool of_all = lies_of == NULL || lies_of[0] == 0;
    if (getenv("NETSH_LIE") != NULL && (of_all || strcmp(words[2], lies_of) == 0))
        lie = (enum lie)strtoul(getenv("NETSH_LIE"), NULL, 10);
    char other_family[512];
    snprintf(other_family, sizeof other_family, "%s.ipv6", path);
    if (strcmp(words[2], "ipv6") == 0) path = other_family;
    char lock[520];
    snprintf(lock, sizeof lock, "%s.lock", path);
    bool shows = strcmp(words[3], "show") == 0, adds = strcmp(words[3], "add") == 0, done = true;
    if (adds && delay != NULL) tongue_wait_ms(1000 * (unsigned)strtoul(delay, NULL, 10));
    tongue_lock(lock);
    read_state(path);
    if (shows && strcmp(words[4], "dynamicport") == 0)
        show_dynamic_range(words[2], count > 5 ? words[5] : "tcp", value_of(words, count, "store", "active"));
    else if (shows) list(value_of(words, count, "store", "active"), value_of(words, count, "protocol", "tcp"));
    else if (lie != OK_YET_NOT_DONE && lie != USAGE && lie != USAGE_OK) {
        done = change(adds, words, count, cuts);
        if (seeded != 0 && draw(3) == 0) move_a_range();
        if (!write_state(path)) return 98;
        say(done ? "Ok.\r\n\r\n" : "The parameter is incorrect.\r\n\r\n", "");
    }
    if (lie == SLOW) tongue_wait_ms(30);
    if (lie == USAGE || lie == USAGE_OK)
        snprintf(text, sizeof text, "\r\nUsage: show excludedportrange\r\n  protocol - one of these: tcp-udp\r\n");
    if (!shows && lie == DENIED_YET_DONE) snprintf(text, sizeof text, "%s\r\n\r\n", language->denied);
    if (!shows && lie == OK_YET_NOT_DONE) snprintf(text, sizeof text, "Ok.\r\n\r\n");
    if (lie == SILENT) text[0] = '\0';
    write_out(lie == CUT || lie == KILLED ? 1 + draw(99) : 0);
    if (lie == KILLED) tongue_die();
    if (lie == WRONG_STATUS || lie == USAGE || (!shows && lie == DENIED_YET_DONE)) return 1;
    return done || lie == OK_YET_NOT_DONE ? 0 : 1;
}
