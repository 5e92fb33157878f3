#!/bin/sh
# threads.sh: a program that loads the plug-in and gives no orders. Each of its threads is a thread of the model: one waits in WSPAccept
# and WSPRecv while another connects and sends. More threads at once than the model has get no answer, and that is said. Run from the top of
# the tree. A WSAMSG that is not there is WSAEFAULT. Exit status: 0 when all is so; else 1.
set -u

work=build/reports/plugin-threads
rm -rf $work && mkdir -p $work
faults=0
fail() {
    echo "  $*"
    faults=$((faults + 1))
}
cat >$work/talk.c <<'END'
#define _POSIX_C_SOURCE 200809L
#include "stack/winsock/headers.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

extern int usleep(unsigned microseconds);

static SOCKET WSPAPI make(DWORD entry, DWORD_PTR context, LPINT error) { return (void)entry, (void)error, context + 1000; }
static int WSPAPI query(SOCKET s, PDWORD_PTR context, LPINT error) { return (void)error, *context = s - 1000, 0; }
static int WSPAPI unmake(SOCKET s, LPINT error) { return (void)s, (void)error, 0; }
static int WSPAPI no_hook(DWORD entry, LPBLOCKINGCALLBACK *hook, PDWORD_PTR context, LPINT error) {
    return (void)entry, (void)context, (void)error, *hook = NULL, 0;
}

static WSPPROC_TABLE table;
static struct sockaddr_in address;

static SOCKET opened(int *error) { return table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, error); }

static void *client(void *nothing) {
    int error = 0;
    DWORD sent = 0;
    WSABUF data = { 5, "hello" };
    usleep(200000); /* the other thread waits by then */
    SOCKET s = opened(&error);
    int connected = table.lpWSPConnect(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error);
    int status = table.lpWSPSend(s, &data, 1, &sent, 0, NULL, NULL, NULL, &error);
    if (connected != 0 || status != 0 || sent != 5) printf("client: %d %d %d\n", connected, status, error);
    table.lpWSPCloseSocket(s, &error);
    return nothing;
}

static void serve(void) {
    int error = 0, length = sizeof address;
    char bytes[16] = "";
    WSABUF data = { sizeof bytes, bytes };
    DWORD received = 0, flags = 0;
    pthread_t thread;
    SOCKET listener = opened(&error);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    memcpy(&address.sin_addr, "\177\0\0\1", 4);
    if (table.lpWSPBind(listener, (struct sockaddr *)&address, length, &error) != 0) printf("bind: %d\n", error);
    table.lpWSPGetSockName(listener, (struct sockaddr *)&address, &length, &error);
    table.lpWSPListen(listener, 1, &error);
    pthread_create(&thread, NULL, client, NULL);
    SOCKET s = table.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
    int status = table.lpWSPRecv(s, &data, 1, &received, &flags, NULL, NULL, NULL, &error);
    printf("received %d: %.*s\n", status, (int)received, bytes);
    pthread_join(thread, NULL);
}

static int last_error;
void WSAAPI WSASetLastError(int error) { last_error = error; }

/* Functions that a provider gives by a control code look into a structure of their caller's. */
static void name_messages_that_are_not_there(void) {
    static const LPWSAMSG places[] = { NULL, (LPWSAMSG)16 };
    LPFN_WSARECVMSG receive = NULL;
    LPFN_WSASENDMSG give = NULL;
    GUID receives = WSAID_WSARECVMSG, gives = WSAID_WSASENDMSG;
    DWORD bytes = 0;
    int error = 0;
    SOCKET s = table.lpWSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0, &error);
    table.lpWSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &receives, sizeof receives, &receive, sizeof receive, &bytes, NULL, NULL, NULL, &error);
    table.lpWSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &gives, sizeof gives, &give, sizeof give, &bytes, NULL, NULL, NULL, &error);
    for (int i = 0; i < 2; i++) {
        last_error = 0;
        printf("receive: %d", receive(s, places[i], &bytes, NULL, NULL));
        printf(" %d\n", last_error);
        last_error = 0;
        printf("send: %d", give(s, places[i], 0, &bytes, NULL, NULL));
        printf(" %d\n", last_error);
    }
    table.lpWSPCloseSocket(s, &error);
}

static pthread_barrier_t all_have_asked;

static void *ask(void *together) {
    int error = 0;
    if (opened(&error) == INVALID_SOCKET) printf("no socket: %d\n", error);
    if (together != NULL) pthread_barrier_wait(&all_have_asked);
    return NULL;
}

int main(int count, char **words) {
    void *file = dlopen(words[count - 1], RTLD_NOW);
    LPWSPSTARTUP start = NULL;
    if (file == NULL) return puts("no such file"), 1;
    *(void **)&start = dlsym(file, "WSPStartup");
    WSPUPCALLTABLE upcalls = { .lpWPUCreateSocketHandle = make,
                               .lpWPUCloseSocketHandle = unmake,
                               .lpWPUQuerySocketHandleContext = query,
                               .lpWPUQueryBlockingCallback = no_hook };
    WSPDATA data;
    WSAPROTOCOL_INFOW entry = { .dwCatalogEntryId = 1 };
    if (start(0x0202, &data, &entry, upcalls, &table) != 0) return puts("no start"), 1;
    serve();
    name_messages_that_are_not_there();
    pthread_t threads[8];
    for (int i = 0; i < 40; i++) { /* one after the other */
        pthread_create(&threads[0], NULL, ask, NULL);
        pthread_join(threads[0], NULL);
    }
    pthread_barrier_init(&all_have_asked, NULL, 8);
    for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, ask, &all_have_asked);
    for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    return 0;
}
END
${CC:-gcc} -std=c17 -w -I. $work/talk.c -rdynamic -ldl -lpthread -o $work/talk || fail 'the program does not compile'
timeout 20 $work/talk build/reservoir-provider.so >$work/heard 2>$work/said || fail "it ended with status $?"
# Forty have answers one after the other. Of eight at once beside the first thread one is too many.
printf 'received 0: hello\n%s\nno socket: 10045\n' "$(printf '%s: -1 10014\n' receive send receive send)" >$work/wanted
cmp -s $work/wanted $work/heard || fail "it heard: $(cat $work/heard)"
[ "$(grep -c 'a ninth thread' $work/said)" -eq 1 ] || fail "it said: $(cat $work/said)"
echo "  threads of a program without orders: two talk, eight at once have answers, a ninth hears that there is none; four messages that are not there; $faults faults"
[ $faults -eq 0 ]
