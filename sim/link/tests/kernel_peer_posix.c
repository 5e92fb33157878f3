#define _DEFAULT_SOURCE

#include "sim/link/tests/kernel_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK_MAX = 16384, PATIENCE_MS = 60000, DATAGRAM_PATIENCE_MS = 200 };

static struct sockaddr_in place(const char *address) {
    struct sockaddr_in place = { .sin_family = AF_INET, .sin_port = htons(PEER_PORT) };
    inet_pton(AF_INET, address, &place.sin_addr);
    return place;
}

static int connected(void) {
    struct sockaddr_in model = place("10.77.0.2");
    int talker = socket(AF_INET, SOCK_STREAM, 0);
    for (unsigned attempt = 0; attempt < 50; attempt++) {
        if (connect(talker, (struct sockaddr *)&model, sizeof model) == 0) return talker;
        usleep(100000); /* the model may not listen yet */
        close(talker);
        talker = socket(AF_INET, SOCK_STREAM, 0);
    }
    perror("kernel peer: connect");
    return -1;
}

static int accepted(void) {
    struct sockaddr_in here = place("10.77.0.1");
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) != 0 || listen(listener, 5) != 0) return -1;
    return accept(listener, NULL, NULL);
}

static ssize_t say(int talker, uint32_t position, uint32_t bytes) {
    uint8_t chunk[CHUNK_MAX];
    uint32_t count = bytes - position < CHUNK_MAX ? bytes - position : CHUNK_MAX;
    for (uint32_t i = 0; i < count; i++) chunk[i] = peer_byte(true, position + i);
    return send(talker, chunk, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Bytes heard; -1: not what the model says, or an error; 0: the end. */
static ssize_t hear(int talker, uint32_t position) {
    uint8_t chunk[CHUNK_MAX];
    ssize_t count = recv(talker, chunk, sizeof chunk, 0);
    for (ssize_t i = 0; i < count; i++)
        if (chunk[i] != peer_byte(false, position + (uint32_t)i)) return -1;
    return count;
}

static bool converse(int talker, const struct peer_task *task) {
    uint32_t said = 0, heard = 0;
    while (said < task->bytes || heard < task->bytes) {
        struct pollfd ready = { .fd = talker, .events = (short)((said < task->bytes ? POLLOUT : 0) | POLLIN) };
        if (poll(&ready, 1, PATIENCE_MS) <= 0) return false;
        if ((ready.revents & POLLOUT) != 0) {
            ssize_t count = say(talker, said, task->bytes);
            if (count > 0) said += (uint32_t)count;
        }
        if ((ready.revents & POLLIN) == 0) continue;
        ssize_t count = hear(talker, heard);
        if (count <= 0) return false;
        heard += (uint32_t)count;
    }
    if (task->closes_first) shutdown(talker, SHUT_WR);
    return hear(talker, heard) == 0; /* the end, and nothing before it */
}

/* Waits for these bytes: an answer to what was said before may come late, and does not count. */
static bool comes_back(int talker, const uint8_t *sent, size_t length) {
    uint8_t back[400];
    struct pollfd ready = { .fd = talker, .events = POLLIN };
    while (poll(&ready, 1, DATAGRAM_PATIENCE_MS) > 0)
        if (recv(talker, back, sizeof back, 0) == (ssize_t)length && memcmp(sent, back, length) == 0) return true;
    return false;
}

static bool exchange_datagrams(const struct peer_task *task) {
    struct sockaddr_in model = place("10.77.0.2");
    int talker = socket(AF_INET, SOCK_DGRAM, 0);
    if (connect(talker, (struct sockaddr *)&model, sizeof model) != 0) return false;
    for (uint32_t i = 0; i < task->bytes; i++) {
        uint8_t sent[300];
        bool heard = false;
        for (uint32_t k = 0; k < sizeof sent; k++) sent[k] = peer_byte(true, i + k);
        for (unsigned attempt = 0; attempt < 50 && !heard; attempt++) {
            send(talker, sent, sizeof sent, 0);
            heard = comes_back(talker, sent, sizeof sent);
        }
        if (!heard) return false;
    }
    return true;
}

bool kernel_peer_run(const struct peer_task *task) {
    if (task->datagrams) return exchange_datagrams(task);
    int talker = task->role == PEER_CONNECTS ? connected() : accepted();
    if (talker < 0) return false;
    bool good = converse(talker, task);
    close(talker);
    return good;
}
