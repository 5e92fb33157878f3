/* What is seen of packets while scenarios are played: where they come from, which of them `expect packet` lines find,
 * and the capture file in which they are kept.
 *
 *   the model             shows each packet as it is sent (packet_watch_packet)
 *   a host, recorded      libpcap records an interface while its agent runs (packet_watch_record)
 *   a file, or a folder   was recorded elsewhere, and belongs to traces of a host (packet_watch_read)
 *
 * ORDER. Each line looks at the packets after the one that the line before it found, so lines one below another assert
 * an order; what lies between does not matter. A line that finds none leaves the next one where it was. With a file
 * this continues from one instance to the next, in the order in which they are played: where a host gave two instances
 * the same ports, a line may find a packet of the first one that no line has looked at. A folder has a file for
 * each. */
#ifndef RESERVOIR_CONFORMANCE_PACKETS_PACKET_WATCH_H
#define RESERVOIR_CONFORMANCE_PACKETS_PACKET_WATCH_H

#include "conformance/base/reason.h"
#include "conformance/session/session.h"
#include "sim/capture/capture.h"

struct packet_watch;

/* Watches a model, until something else is said. Free with packet_watch_free. */
struct packet_watch *packet_watch_create(void);
void packet_watch_free(struct packet_watch *watch); /* NULL is allowed */

/* Each before the first instance; false with a reason. */
bool packet_watch_record(struct packet_watch *watch, const char *interface, struct reason *reason);
/* `path` is a file for all instances, or a folder as packet_watch_keep leaves it, with PATH/ID.pcapng for each instance
 * in which a packet was seen. A file there that cannot be read is the trouble of its instance. */
bool packet_watch_read(struct packet_watch *watch, const char *path, struct reason *reason);

/* Keeps what is seen: in one file for all instances, or, where `path` ends with / or is a folder, in PATH/ID.pcapng for
 * each instance in which a packet was seen. `calls`: with the calls. After packet_watch_record. */
bool packet_watch_keep(struct packet_watch *watch, const char *path, bool calls, struct reason *reason);

/* An instance begins, and ends; false with a reason when its packets could not be kept or recorded. */
void packet_watch_begin(struct packet_watch *watch, const char *id);
bool packet_watch_end(struct packet_watch *watch, struct reason *reason);

/* The run is over: the file is complete. */
bool packet_watch_finish(struct packet_watch *watch, struct reason *reason);

/* Is anything done with calls? */
bool packet_watch_has_calls(const struct packet_watch *watch);

/* From here on: a packet of the model, now; a call, of which everything is copied. now_ns is the virtual clock's; of a
 * host the wall clock is looked at. `link` is its name; NULL: there is one only, and it has none. */
void packet_watch_packet(struct packet_watch *watch, uint64_t now_ns, const char *link, const uint8_t *bytes,
                         uint32_t length);
void packet_watch_call(struct packet_watch *watch, uint64_t now_ns, const struct captured_call *call);

/* Plays a line `expect packet`. STEP_SEEN with what was seen, and of `none` a reason: what came instead; STEP_NEEDS
 * with the name whose value is not known; STEP_BROKEN with a reason. Of a host that is being recorded it waits for the
 * packet as long as for a call. */
enum step_result packet_watch_expect(struct packet_watch *watch, const struct session *session,
                                     const struct scenario *scenario, const struct step *step, struct observation *seen,
                                     struct reason *reason);

#endif
