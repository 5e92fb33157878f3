#include "reports/catalogue/show_facts.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "conformance/citations/citations.h"
#include "reports/formats/terminal.h"
#include "stack/readings.h"

int show_missing(const char *what, const char *id, const char *nearest) {
    const char *list = strcmp(what, "table") == 0 ? "fact" : what;
    errors_say("reservoir show: there is no %s %s; ", what, id);
    if (nearest != NULL) errors_say("did you mean %s?\n", nearest);
    else errors_say("`reservoir list %ss` has them all\n", list);
    return 2;
}

bool words_begin_alike(const char *word, const char *beginning) {
    assert(word != NULL && beginning != NULL);
    for (; *beginning != '\0'; word++, beginning++)
        if (tolower((unsigned char)*word) != tolower((unsigned char)*beginning)) return false;
    return true;
}

bool words_are_alike(const char *one, const char *other) {
    return strlen(one) == strlen(other) && words_begin_alike(one, other);
}

void show_citing(const struct data *data, const struct source *source, struct text *out) {
    struct text list = { 0 };
    unsigned count = data_add_citing(data, source, "\n    ", &list);
    if (count == 0) text_add(out, "  scenarios\n    none\n");
    else text_add(out, "  scenarios%s\n", list.bytes);
    text_free(&list);
}

/* --- facts -------------------------------------------------------------------------------------------------------- */

static struct source cited_fact(const struct fact *fact) {
    return (struct source){ .kind = SOURCE_FACT, .text = fact->id };
}

/* Does this text cite the fact: its id, and no longer word? */
static bool mentions(const char *text, const char *id) {
    size_t length = strlen(id);
    for (const char *at = strstr(text, id); at != NULL; at = strstr(at + 1, id)) {
        bool begins = at == text || !isalnum((unsigned char)at[-1]);
        bool ends =
            !isalnum((unsigned char)at[length]) && !(at[length] == '.' && isdigit((unsigned char)at[length + 1]));
        if (begins && ends) return true;
    }
    return false;
}

static void add_questions(const struct fact *fact, struct text *out) {
    unsigned count = 0, found = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++)
        if (mentions(rows[i].note, fact->id))
            text_add(out, "%sQ%u", found++ == 0 ? "  questions\n    " : " ", (unsigned)rows[i].question);
    if (found > 0) text_add(out, "\n");
}

static void add_fact(const struct data *data, const struct fact *fact, struct text *out) {
    struct source source = cited_fact(fact);
    text_add(out, "%s  %s\n", fact->id, fact->about);
    text_add_wrapped(out, "  ", fact->statement);
    text_add(out, "  evidence  %s\n  seen\n", fact->evidence);
    text_add_wrapped(out, "    ", fact->seen);
    add_questions(fact, out);
    show_citing(data, &source, out);
    if (data_add_citing(data, &source, "", NULL) == 0) text_add(out, "    %s\n", fact->uncited);
}

/* Rows beside one another: id, kind of evidence, statement. */
static unsigned add_group(const char *group, struct text *out) {
    unsigned count = 0, found = 0;
    const struct fact *rows = known_facts(&count);
    const char *about = "";
    for (unsigned i = 0; i < count; i++) {
        if (!fact_is_in(&rows[i], group)) continue;
        if (strcmp(about, rows[i].about) != 0) text_add(out, "%s%s\n", found > 0 ? "\n" : "", rows[i].about);
        about = rows[i].about;
        text_add(out, "  %-8s %s\n", rows[i].id, rows[i].evidence);
        text_add_wrapped(out, "    ", rows[i].statement);
        found++;
    }
    return found;
}

int show_fact(const char *folder, const char *id, struct text *out) {
    struct data data = { .folder = NULL };
    const struct fact *fact = fact_named(id);
    if (fact == NULL) return add_group(id, out) > 0 ? 0 : show_missing("fact", id, fact_nearest(id, strlen(id)));
    bool good = data_read_scenarios(&data, folder);
    add_fact(&data, fact, out);
    data_free(&data);
    return good ? 0 : 2;
}

int show_table(const char *folder, const char *id, struct text *out) {
    struct text name = { 0 };
    (void)folder;
    text_add(&name, "%s%s", id[0] >= '0' && id[0] <= '9' ? "T" : "", id);
    int status = add_group(name.bytes, out) > 0 ? 0 : show_missing("table", id, fact_nearest(name.bytes, name.length));
    text_free(&name);
    return status;
}

/* --- clients ------------------------------------------------------------------------------------------------------ */

int show_client(const char *folder, const char *id, struct text *out) {
    struct data data = { .folder = NULL };
    const struct client *client = client_named(id);
    if (client == NULL) return show_missing("client", id, client_nearest(id, strlen(id)));
    bool good = data_read_scenarios(&data, folder);
    text_add(out, "client:%s  %s\n", client->id, client->name);
    text_add_wrapped(out, "  ", client->what);
    text_add_wrapped(out, "  ", client->meets);
    text_add(out, "  seen\n");
    text_add_wrapped(out, "    ", client->seen);
    text_add(out, "  facts\n    %s (`reservoir show %s`)\n", client->facts, client->facts);
    show_citing(&data, &(struct source){ .kind = SOURCE_CLIENT, .text = client->id }, out);
    data_free(&data);
    return good ? 0 : 2;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

static void add_row(const struct data *data, const struct fact *fact, struct text *out) {
    struct text names = { 0 };
    struct source source = cited_fact(fact);
    text_add(out, "%s  %s\n", fact->id, fact->evidence);
    text_add_wrapped(out, "    ", fact->statement);
    text_add(&names, "cited by");
    unsigned count = data_add_citing(data, &source, " ", &names);
    if (count > 0) text_add_wrapped(out, "    ", names.bytes);
    else text_add(out, "    not cited: %s\n", fact->uncited);
    text_free(&names);
}

bool list_facts(const char *folder, struct text *out) {
    struct data data = { .folder = NULL };
    unsigned count = 0, cited = 0;
    const struct fact *rows = known_facts(&count);
    bool good = data_read_scenarios(&data, folder);
    for (unsigned i = 0; i < count; i++) {
        struct source source = cited_fact(&rows[i]);
        cited += data_add_citing(&data, &source, "", NULL) > 0;
    }
    text_add(out,
             "%u facts, %u of them cited by scenarios. Each with its kind of evidence, and the scenarios or why there "
             "is none.\n\n",
             count, cited);
    for (unsigned i = 0; i < count; i++) add_row(&data, &rows[i], out);
    data_free(&data);
    return good;
}

bool list_clients(const char *folder, struct text *out) {
    struct data data = { .folder = NULL };
    unsigned count = 0;
    const struct client *rows = known_clients(&count);
    bool good = data_read_scenarios(&data, folder);
    text_add(out, "%-24s  %9s  %-8s  %s\n", "client", "scenarios", "facts", "what it is");
    for (unsigned i = 0; i < count; i++) {
        struct source source = { .kind = SOURCE_CLIENT, .text = rows[i].id };
        unsigned citing = data_add_citing(&data, &source, "", NULL);
        text_add(out, "%-24s  %9u  %-8s  %s\n", rows[i].id, citing, rows[i].facts, rows[i].what);
    }
    data_free(&data);
    return good;
}
