#define _POSIX_C_SOURCE 200809L /* fork, pipe, poll, setenv */

#include "reports/commands/players.h"
#include "reports/formats/terminal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/base/memory.h"
#include "conformance/base/program.h"
#include "conformance/subjects/said.h"

enum { READ_BYTES = 64 * 1024 };

static const char number_variable[] = "RESERVOIR_PLAYER";

/* Before what the host said of an instance, in the pipe from a player. What else writes there, such as the command of
 * --agents-in, does not begin with the mark. */
struct message {
    uint64_t mark;
    uint64_t duration_us;
    uint32_t number, length;
};

static const uint64_t message_mark = 0x9f52455350af1002;
enum { MESSAGE_BYTES_MAX = 64 * 1024 * 1024 };

struct player {
    pid_t process; /* 0: it has been waited for */
    int output;    /* what it says; -1: it is not heard any more */
    struct text heard;
};

/* One that was heard and that the run has not come to yet. */
struct answer {
    struct said said;
    uint64_t duration_us;
    bool heard;
};

struct players {
    struct run_plan *plan;
    unsigned count;
    struct player list[PLAYERS_MAX];
    int queue; /* a file without a name: the numbers that are to be played. All have one place in it */
    struct host_jobs jobs;
    struct answer *answers; /* of each job */
    struct said taken;      /* what the run got last */
};

unsigned players_number(void) {
    static unsigned number;
    char value[FOLDER_PATH_MAX];
    if (number == 0 && program_variable(number_variable, value)) number = (unsigned)strtoul(value, NULL, 10);
    unsetenv(number_variable); /* an agent that runs this program is no player */
    return number;
}

/* --- starting ----------------------------------------------------------------------------------------------------- */

static bool write_all(int descriptor, const void *bytes, size_t length) {
    for (const char *at = bytes; length > 0;) {
        ssize_t written = write(descriptor, at, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static void close_on_exec(int descriptor) { fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

/* The file that the numbers are taken from, at its beginning; -1: it cannot be had. */
static int make_queue(const struct host_jobs *jobs) {
    FILE *file = tmpfile();
    int queue = file == NULL ? -1 : dup(fileno(file));
    if (file != NULL) fclose(file);
    if (queue < 0) return -1;
    close_on_exec(queue);
    if (write_all(queue, jobs->numbers, jobs->count * sizeof *jobs->numbers) && lseek(queue, 0, SEEK_SET) == 0)
        return queue;
    close(queue);
    return -1;
}

/* In the child: never returns. */
static void become_player(const struct players *players, unsigned number, int output,
                          const struct players_wanted *wanted) {
    enum { WORDS_BEFORE = 6 };
    char program[FOLDER_PATH_MAX], text[16];
    struct text script = { 0 };
    char **all = memory_resize(NULL, WORDS_BEFORE + wanted->words_count + 1, sizeof *all);
    text_add(&script, "exec ");
    if (wanted->in != NULL) text_add_numbered(&script, wanted->in, number);
    text_add(&script, " \"$@\"");
    snprintf(text, sizeof text, "%u", number);
    bool ready = program_path(program) && setenv(number_variable, text, 1) == 0 &&
                 dup2(players->queue, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0;
    if (!ready) _exit(127);
    char sh[] = "sh", c[] = "-c", run[] = "run";
    char *const before[WORDS_BEFORE] = { sh, c, script.bytes, sh, program, run };
    memcpy(all, before, sizeof before);
    memcpy(all + WORDS_BEFORE, wanted->words, wanted->words_count * sizeof *all);
    all[WORDS_BEFORE + wanted->words_count] = NULL;
    execv("/bin/sh", all);
    _exit(127);
}

static bool start_player(struct players *players, const struct players_wanted *wanted) {
    int output[2];
    struct player *player = &players->list[players->count];
    if (pipe(output) != 0) return false;
    close_on_exec(output[0]);
    close_on_exec(output[1]);
    fflush(NULL);
    player->process = fork();
    if (player->process == 0) become_player(players, players->count + 1, output[1], wanted);
    close(output[1]);
    player->output = output[0];
    if (player->process > 0) {
        players->count++;
        return true;
    }
    close(output[0]);
    return false;
}

/* --- listening ---------------------------------------------------------------------------------------------------- */

/* The place of a number among the jobs, which are in order; their count when it is none of them. */
static size_t place_of(const struct host_jobs *jobs, uint32_t number) {
    size_t low = 0, high = jobs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (jobs->numbers[middle] < number) low = middle + 1;
        else high = middle;
    }
    return low < jobs->count && jobs->numbers[low] == number ? low : jobs->count;
}

/* Is this a player's message, about a job whose answer is not there yet? The job's place goes into *place. */
static bool is_message(const struct players *players, const struct message *message, size_t *place) {
    if (message->mark != message_mark || message->length > MESSAGE_BYTES_MAX) return false;
    *place = place_of(&players->jobs, message->number);
    return *place < players->jobs.count && !players->answers[*place].heard;
}

/* Takes the whole messages that were heard. False: something else was. */
static bool take_messages(struct players *players, struct player *player) {
    struct message message;
    size_t at = 0, place = 0;
    while (player->heard.length - at >= sizeof message) {
        memcpy(&message, player->heard.bytes + at, sizeof message);
        if (!is_message(players, &message, &place)) return false;
        if (player->heard.length - at - sizeof message < message.length) break;
        struct answer *answer = &players->answers[place];
        answer->heard = true;
        answer->duration_us = message.duration_us;
        text_add_bytes(&answer->said.bytes, player->heard.bytes + at + sizeof message, message.length);
        at += sizeof message + message.length;
    }
    if (at == 0) return true;
    memmove(player->heard.bytes, player->heard.bytes + at, player->heard.length - at);
    player->heard.length -= at;
    return true;
}

static unsigned number_of(const struct players *players, const struct player *player) {
    return (unsigned)(player - players->list) + 1;
}

static void hear_end(const struct players *players, struct player *player) {
    int status = 0;
    close(player->output);
    player->output = -1;
    while (waitpid(player->process, &status, 0) < 0 && errno == EINTR) continue;
    player->process = 0;
    bool left_something = player->heard.length > 0; /* a message that was cut */
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !left_something) return;
    errors_say("reservoir run: number %u of --agents %u has ended; the others play what was its to play\n",
               number_of(players, player), players->count);
}

/* Something else is on the pipe, so that nothing after it can be believed: it is ended as if it had died. */
static void refuse(const struct players *players, struct player *player) {
    errors_say(
        "reservoir run: number %u of --agents %u is not understood: expected nothing on standard output but what it "
        "tells the run; what --agents-in starts may write to standard error only\n",
        number_of(players, player), players->count);
    kill(player->process, SIGTERM);
    hear_end(players, player);
}

static void hear(struct players *players, struct player *player) {
    char bytes[READ_BYTES];
    ssize_t got = read(player->output, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) {
        hear_end(players, player);
        return;
    }
    text_add_bytes(&player->heard, bytes, (size_t)got);
    if (!take_messages(players, player)) refuse(players, player);
}

/* Waits until some have said something. False: all have ended. */
static bool hear_some(struct players *players) {
    struct pollfd places[PLAYERS_MAX];
    unsigned open = 0;
    for (unsigned i = 0; i < players->count; i++) {
        places[i] = (struct pollfd){ .fd = players->list[i].output, .events = POLLIN };
        open += players->list[i].output >= 0;
    }
    if (open == 0) return false;
    if (poll(places, players->count, -1) < 0) {
        assert(errno == EINTR);
        return true;
    }
    for (unsigned i = 0; i < players->count; i++)
        if (places[i].fd >= 0 && places[i].revents != 0) hear(players, &players->list[i]);
    return true;
}

static struct said *said_by_players(void *context, size_t number, uint64_t *duration_us) {
    struct players *players = context;
    size_t place = place_of(&players->jobs, (uint32_t)number);
    if (place == players->jobs.count) return NULL;
    struct answer *answer = &players->answers[place];
    while (!answer->heard && hear_some(players)) continue;
    if (!answer->heard) return NULL;
    said_free(&players->taken);
    players->taken = answer->said;
    answer->said = (struct said){ .at = 0 };
    *duration_us = answer->duration_us;
    return &players->taken;
}

/* --- the run's ---------------------------------------------------------------------------------------------------- */

struct players *players_begin(struct run_plan *plan, const struct scenario_set *set,
                              const struct players_wanted *wanted, struct reason *reason) {
    assert(wanted->count >= 1 && wanted->count <= PLAYERS_MAX && plan->said_elsewhere == NULL);
    struct players *players = memory_zeroed(sizeof *players);
    players->jobs = runner_host_jobs(plan, set);
    players->answers = memory_zeroed((players->jobs.count + 1) * sizeof *players->answers);
    players->queue = make_queue(&players->jobs);
    bool more = players->queue >= 0;
    while (more && players->count < wanted->count && players->count < players->jobs.count)
        more = start_player(players, wanted);
    if (players->count == 0) {
        reason_set(reason, "%s", players->jobs.count == 0 ? "there is nothing for them to play" : strerror(errno));
        players_end(players);
        return NULL;
    }
    players->plan = plan;
    plan->said_elsewhere = said_by_players;
    plan->players = players;
    return players;
}

void players_end(struct players *players) {
    if (players == NULL) return;
    bool cut = players->queue < 0 || ftruncate(players->queue, 0) == 0;
    assert(cut);
    (void)cut;
    while (hear_some(players)) continue;
    for (unsigned i = 0; i < players->count; i++) text_free(&players->list[i].heard);
    for (size_t i = 0; i < players->jobs.count; i++) said_free(&players->answers[i].said);
    said_free(&players->taken);
    if (players->queue >= 0) close(players->queue);
    if (players->plan != NULL) players->plan->said_elsewhere = NULL;
    free(players->answers);
    host_jobs_free(&players->jobs);
    free(players);
}

/* --- a player's --------------------------------------------------------------------------------------------------- */

/* The run gives the numbers in a file that all players read on from where the last has read. */
static bool take_number(void *context, uint32_t *number) {
    const bool *heard = context;
    return *heard && read(STDIN_FILENO, number, sizeof *number) == (ssize_t)sizeof *number;
}

static void tell_run(void *context, uint32_t number, uint64_t duration_us, struct said *said) {
    bool *heard = context;
    const struct message message = { message_mark, duration_us, number, (uint32_t)said->bytes.length };
    *heard = write_all(STDOUT_FILENO, &message, sizeof message) &&
             write_all(STDOUT_FILENO, said->bytes.bytes, said->bytes.length);
}

bool players_play(const struct run_plan *plan, const struct scenario_set *set) {
    bool heard = true;
    runner_ask_host(plan, set, take_number, tell_run, &heard);
    return heard;
}
