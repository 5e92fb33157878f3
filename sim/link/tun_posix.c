#define _DEFAULT_SOURCE

#include "sim/link/tun.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stack/model/model.h"

enum { OUT, IN, MILLISECOND_NS = 1000000 };

/* --- the device --------------------------------------------------------------------------------------------------- */

static void put_address(struct sockaddr *place, const uint8_t bytes[4]) {
    struct sockaddr_in address = { .sin_family = AF_INET };
    memcpy(&address.sin_addr, bytes, 4);
    memcpy(place, &address, sizeof address);
}

static bool bring_up(struct ifreq *request, const uint8_t kernel_address[4]) {
    static const uint8_t mask[4] = { 255, 255, 255, 0 };
    int control = socket(AF_INET, SOCK_DGRAM, 0);
    if (control < 0) return false;
    put_address(&request->ifr_addr, kernel_address);
    bool up = ioctl(control, SIOCSIFADDR, request) == 0;
    put_address(&request->ifr_netmask, mask);
    up = up && ioctl(control, SIOCSIFNETMASK, request) == 0;
    request->ifr_flags = IFF_UP | IFF_RUNNING;
    up = up && ioctl(control, SIOCSIFFLAGS, request) == 0;
    int error = errno;
    close(control);
    errno = error;
    return up;
}

int tun_open(const uint8_t kernel_address[4]) {
    int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (ioctl(device, TUNSETIFF, &request) == 0 && bring_up(&request, kernel_address)) return device;
    int error = errno;
    close(device);
    errno = error;
    return -1;
}

/* --- time --------------------------------------------------------------------------------------------------------- */

static uint64_t real_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void follow_the_clock(struct tun_link *link) {
    uint64_t now_ns = link->clock_ns + (real_now_ns() - link->began_ns);
    if (now_ns > link->world->now_ns) model_tick(link->world, now_ns - link->world->now_ns);
}

void tun_link_begin(struct tun_link *link, int device, struct world *world, struct chooser *chooser) {
    memset(link, 0, sizeof *link);
    link->device = device;
    link->world = world;
    link->chooser = chooser;
    link->random = 1;
    link->began_ns = real_now_ns();
    link->clock_ns = world->now_ns;
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

static bool drawn(struct tun_link *link, unsigned of_thousand) {
    if (of_thousand == 0) return false;
    link->random = link->random * 6364136223846793005u + 1442695040888963407u;
    return (link->random >> 33) % 1000 < of_thousand;
}

static bool hand_over(struct tun_link *link, unsigned direction, const uint8_t *packet, uint32_t bytes) {
    if (direction == IN) {
        link->packets_in++;
        if (!model_packet_arrives(link->world, packet, bytes)) link->lost++;
        return true;
    }
    link->packets_out++;
    ssize_t written = write(link->device, packet, bytes);
    return written >= 0 || errno == EAGAIN ||
           errno == EINVAL; /* a full device loses; one that takes no such packet, too */
}

/* One packet on its way: lost, kept back, or handed over, and after it the one that was kept back. */
static bool pass(struct tun_link *link, unsigned direction, const uint8_t *packet, uint32_t bytes) {
    if (drawn(link, link->faults.lost)) {
        link->lost++;
        return true;
    }
    if (link->kept_bytes[direction] == 0 && drawn(link, link->faults.overtaken)) {
        memcpy(link->kept[direction], packet, bytes);
        link->kept_bytes[direction] = bytes;
        return true;
    }
    bool fine = hand_over(link, direction, packet, bytes);
    uint32_t kept = link->kept_bytes[direction];
    link->kept_bytes[direction] = 0;
    return kept == 0 ? fine : hand_over(link, direction, link->kept[direction], kept) && fine;
}

/* What the machine does at this instant, with what it sends. */
static bool settle(struct tun_link *link, struct result *result) {
    for (;;) {
        uint32_t bytes = 0;
        const uint8_t *packet = model_packet(link->world, &bytes);
        if (packet != NULL) {
            if (!pass(link, OUT, packet, bytes)) return false;
            model_packet_taken(link->world);
        } else if (model_steps_enabled(link->world) > 0) {
            model_step(link->world, link->chooser, result);
        } else {
            return true;
        }
    }
}

static bool receive(struct tun_link *link, struct result *result) {
    uint8_t packet[65536];
    for (;;) {
        ssize_t bytes = read(link->device, packet, sizeof packet);
        if (bytes < 0) return errno == EAGAIN || errno == EINTR;
        if (bytes > 0 && !pass(link, IN, packet, (uint32_t)bytes)) return false;
        if (!settle(link, result)) return false;
    }
}

static int patience_ms(const struct tun_link *link, int wait_ms) {
    uint64_t next_ns = model_next_timeout(link->world);
    if (next_ns == UINT64_MAX) return wait_ms;
    uint64_t next_ms = next_ns / MILLISECOND_NS + 1;
    return next_ms < (uint64_t)wait_ms ? (int)next_ms : wait_ms;
}

bool tun_link_pass(struct tun_link *link, struct result *result, int wait_ms) {
    follow_the_clock(link);
    if (!settle(link, result)) return false;
    struct pollfd device = { .fd = link->device, .events = POLLIN };
    if (poll(&device, 1, patience_ms(link, wait_ms)) < 0 && errno != EINTR) return false;
    follow_the_clock(link);
    return receive(link, result) && settle(link, result);
}
