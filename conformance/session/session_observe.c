/* A result record becomes an observation.
 *
 * Memory is looked at as the caller would: the argument's contents before the call (poison where there were none), the
 * writes laid over them. What equals the contents before is untouched. */
#include "conformance/session/session_observe.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/layouts.h"
#include "conformance/session/executor.h"
#include "conformance/session/session_addresses.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_refer.h"
#include "conformance/session/session_sets.h"
#include "stack/errors.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/socket_values.h"

struct observing {
    struct session *session;
    const struct scenario *scenario;
    const struct step *step; /* the call's, also when it is observed by `returns` */
    const struct call *call;
    const struct result *result;
    struct observation *seen;
};

enum { IMAGE_MAX = LATE_BYTES_MAX }; /* the first so many bytes of an argument's memory are looked at */

struct image {
    uint32_t length;           /* 0: the memory is not there in full */
    uint32_t changed;          /* count of bytes up to the last one that differs from before */
    uint8_t before[IMAGE_MAX]; /* of both, the first `length` bytes mean something */
    uint8_t bytes[IMAGE_MAX];
};

static void set_value(struct observation *seen, enum observable observable, uint64_t number) {
    assert(observable < OBSERVABLE_COUNT);
    seen->values[observable].present = 1;
    seen->values[observable].number = number;
}

static void set_untouched(struct observation *seen, enum observable observable) {
    assert(observable < OBSERVABLE_COUNT);
    seen->values[observable].present = 1;
    seen->values[observable].untouched = 1;
}

/* --- writes --------------------------------------------------------------------------------------------------- */

/* Copies the part of a write that falls into `length` bytes at `address`. */
static void lay_over(uint8_t *memory, uint64_t address, uint32_t length, uint64_t write_address, const uint8_t *bytes,
                     uint32_t bytes_length) {
    assert(memory != NULL && bytes != NULL);
    uint64_t first = write_address > address ? write_address : address;
    uint64_t end = write_address + bytes_length < address + length ? write_address + bytes_length : address + length;
    if (first < end) memcpy(memory + (first - address), bytes + (first - write_address), (size_t)(end - first));
}

static const uint8_t *write_bytes(const struct result *result, const struct result_write *write) {
    assert(write->length <= RESULT_BYTES_MAX);
    assert(write->bytes_offset <= RESULT_BYTES_MAX - write->length);
    return result->bytes + write->bytes_offset;
}

/* A write to memory of a parked call waits for its `returns`. Memory of other calls is over: no step can ask for it. */
static void keep_late(struct session *session, const struct result *result, const struct result_write *write) {
    if (write->address < STEP_ADDRESSES || write->address >= OUTPUT_ADDRESSES) return;
    uint64_t step = (write->address - STEP_ADDRESSES) / STEP_STRIDE;
    bool parked = false;
    for (unsigned i = 0; i < THREADS_MAX; i++) parked = parked || session->parked[i] == step;
    for (unsigned i = 0; parked && i < SESSION_LATE_MAX; i++) {
        struct late_write *late = &session->late[i];
        if (i == session->late_used) memset(&session->late[session->late_used++], 0, sizeof *late);
        if (late->length != 0) continue;
        late->address = write->address;
        late->length = write->length < LATE_BYTES_MAX ? write->length : LATE_BYTES_MAX;
        memcpy(late->bytes, write_bytes(result, write), late->length);
        return;
    }
}

/* Binds the outputs that share memory with what was just written, except `except`. */
static void bind_written(struct session *session, const struct scenario *scenario, uint32_t offset, uint32_t length,
                         int except) {
    assert(offset + length <= SESSION_MEMORY_MAX);
    for (uint32_t name = 0; name < scenario->names_count; name++) {
        const struct live_value *live = &session->live[name];
        if (scenario->names[name].kind != NAME_OUTPUT || live->state != LIVE_ABSENT || (int)name == except) continue;
        bool overlaps = offset < live->memory_offset + live->memory_length && live->memory_offset < offset + length;
        if (overlaps) session_bind_output(session, scenario, (int)name, UNPRINTED_LATE);
    }
}

/* Stores every write where its owner is kept: in the image of a name, or with the parked call. `except` is the product
 * of the step itself when its call has completed: the observation binds it. */
static void apply_writes(struct session *session, const struct scenario *scenario, const struct result *result,
                         int except) {
    for (unsigned i = 0; i < result->writes_count; i++) {
        const struct result_write *write = &result->writes[i];
        uint32_t offset = 0;
        int name = session_object_at(write->address, &offset);
        if (name == NO_NAME) name = session_output_at(write->address, &offset);
        if (name == NO_NAME || (uint32_t)name >= scenario->names_count) {
            keep_late(session, result, write);
            continue;
        }
        const struct live_value *live = &session->live[name];
        uint32_t skew = live->skew;
        if (offset < skew || offset - skew >= live->memory_length) continue;
        uint32_t start = offset - skew;
        uint32_t length = write->length < live->memory_length - start ? write->length : live->memory_length - start;
        if (length == 0) continue;
        memcpy(session->memory + live->memory_offset + start, write_bytes(result, write), length);
        bind_written(session, scenario, live->memory_offset + start, length, except);
    }
}

/* Memory before and after. */
static void look_at_range(const struct observing *observing, const struct range *range, struct image *image) {
    image->length = 0;
    image->changed = 0;
    if (range->state != RANGE_GOOD) return;
    image->length = range->length < IMAGE_MAX ? range->length : IMAGE_MAX;
    uint32_t given = range->bytes_length < image->length ? range->bytes_length : image->length;
    memcpy(image->before, observing->call->bytes + range->bytes_offset, given);
    for (uint32_t i = given; i < image->length; i++) image->before[i] = poison_byte(i);
    memcpy(image->bytes, image->before, image->length);
    for (unsigned i = 0; i < observing->session->late_used; i++) {
        const struct late_write *late = &observing->session->late[i];
        lay_over(image->bytes, range->address, image->length, late->address, late->bytes, late->length);
    }
    for (unsigned i = 0; i < observing->result->writes_count; i++) {
        const struct result_write *write = &observing->result->writes[i];
        lay_over(image->bytes, range->address, image->length, write->address, write_bytes(observing->result, write),
                 write->length);
    }
    image->changed = image->length;
    while (image->changed > 0 && image->bytes[image->changed - 1] == image->before[image->changed - 1])
        image->changed--;
}

/* The memory of pointer argument `argument` before and after. */
static void look_at(const struct observing *observing, unsigned argument, struct image *image) {
    look_at_range(observing, &observing->call->ranges[argument], image);
}

/* `length` bytes at `offset` as a number, or untouched when all of them are as before. */
static void set_image_value(struct observation *seen, enum observable observable, const struct image *image,
                            uint32_t offset, uint32_t length) {
    assert(length == 4 || length == 8);
    assert(offset + length <= IMAGE_MAX);
    if (image->length < offset + length) return;
    if (memcmp(image->bytes + offset, image->before + offset, length) == 0) set_untouched(seen, observable);
    else set_value(seen, observable, length == 4 ? load_u32(image->bytes + offset) : load_u64(image->bytes + offset));
}

/* --- the outcome ---------------------------------------------------------------------------------------------- */

static bool has_failed(const struct observing *observing) {
    return !signature_succeeds(observing->step->signature, observing->result->value);
}

/* Success with another value than the documented one is a number. */
static bool is_plain_success(const struct observing *observing) {
    uint8_t returns = observing->step->signature->returns;
    return (returns != RETURNS_STATUS && returns != RETURNS_WAIT) || (uint32_t)observing->result->value == 0;
}

/* Where the function says it: the thread's last error, or *lpErrno. */
static uint32_t reported_error(const struct observing *observing) {
    int place = signature_parameter_of_kind(observing->step->signature, PARAMETER_ERROR_OUT);
    if (place < 0) return observing->result->error;
    struct image image;
    look_at(observing, (unsigned)place, &image);
    return image.length >= 4 ? load_u32(image.bytes) : (uint32_t)ERROR_UNTOUCHED;
}

static void observe_word(const struct observing *observing) {
    const struct result *result = observing->result;
    const struct signature *signature = observing->step->signature;
    struct observation *seen = observing->seen;
    assert(result->status != RESULT_BROKEN);
    if (result->status == RESULT_BLOCKED) {
        seen->word = OUTCOME_BLOCKS;
    } else if (result->status == RESULT_FAULT) {
        seen->word = OUTCOME_FAULT;
        seen->code = result->error;
    } else if (!has_failed(observing)) {
        seen->word = is_plain_success(observing) ? OUTCOME_OK : OUTCOME_NUMBER;
        seen->code = seen->word == OUTCOME_NUMBER ? (uint32_t)result->value : 0;
    } else {
        seen->word = OUTCOME_ERROR;
        seen->code = signature->returns == RETURNS_ERROR ? (uint32_t)result->value : reported_error(observing);
        if (signature_starts_request(signature) && seen->code == 997) {
            seen->word = OUTCOME_PENDING;
            seen->code = 0;
        }
    }
}

/* --- observables ---------------------------------------------------------------------------------------------- */

static void observe_last_error(const struct observing *observing) {
    const struct observation *seen = observing->seen;
    bool success = seen->word == OUTCOME_OK || seen->word == OUTCOME_NUMBER;
    if (!success || observing->step->signature->returns == RETURNS_NUMBER) return;
    if (observing->result->error == ERROR_UNTOUCHED) set_untouched(observing->seen, OBSERVABLE_error);
    else set_value(observing->seen, OBSERVABLE_error, observing->result->error);
}

/* lpcbBytesReturned and the like: the first count is `bytes`, the second `flags`. */
static void observe_counts(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    enum observable observable = OBSERVABLE_bytes;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        if (signature->parameters[i].kind != PARAMETER_COUNT_OUT) continue;
        assert(observable <= OBSERVABLE_flags);
        struct image image;
        look_at(observing, i, &image);
        bool wanted = observable == OBSERVABLE_bytes || observing->seen->word != OUTCOME_PENDING;
        if (wanted) set_image_value(observing->seen, observable, &image, 0, 4);
        observable = OBSERVABLE_flags;
    }
}

/* An OVERLAPPED by its address: its name, NO_NAME for NULL, NAME_OF_NONE for any other. */
static int overlapped_name(uint64_t address) {
    uint32_t offset = 0;
    int name = address == 0 ? NO_NAME : session_object_at(address, &offset);
    return address != 0 && name == NO_NAME ? NAME_OF_NONE : name;
}

/* Is it WSARecvMsg, which has control data beside what it receives? */
static bool is_message(const struct signature *signature) {
    return signature_parameter_of_kind(signature, PARAMETER_BUFFERS_OUT) >= 0 &&
           signature_parameter_of_kind(signature, PARAMETER_OUT) >= 0;
}

/* How much control data a message has. */
static void observe_control(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    struct image image;
    if (!is_message(signature) || observing->seen->word != OUTCOME_OK) return;
    look_at(observing, signature->parameters[signature_parameter_of_kind(signature, PARAMETER_OUT)].pair, &image);
    if (image.length >= 4) set_value(observing->seen, OBSERVABLE_value, load_u32(image.bytes));
}

/* The flags that a receive gives. A number that was passed and is still there is one that may have been stored. */
static void observe_flags(const struct observing *observing) {
    int flags = signature_parameter_of_kind(observing->step->signature, PARAMETER_FLAGS);
    struct image image;
    bool cut = is_message(observing->step->signature) && observing->seen->word == OUTCOME_ERROR &&
               observing->seen->code == WSAEMSGSIZE; /* they say what was cut off */
    if (flags < 0 || (observing->seen->word != OUTCOME_OK && !cut)) return;
    look_at(observing, (unsigned)flags, &image);
    if (image.length >= 4) set_value(observing->seen, OBSERVABLE_flags, load_u32(image.bytes));
}

/* What GetQueuedCompletionStatus stores besides the count. */
static void observe_packet(const struct observing *observing) {
    int key = signature_parameter_of_kind(observing->step->signature, PARAMETER_KEY_OUT);
    int overlapped = signature_parameter_of_kind(observing->step->signature, PARAMETER_OVERLAPPED_OUT);
    struct image image;
    if (key < 0 || overlapped < 0) return;
    look_at(observing, (unsigned)key, &image);
    set_image_value(observing->seen, OBSERVABLE_key, &image, 0, 8);
    look_at(observing, (unsigned)overlapped, &image);
    set_image_value(observing->seen, OBSERVABLE_overlapped, &image, 0, 8);
    struct observed_value *pointer = &observing->seen->values[OBSERVABLE_overlapped];
    if (!pointer->present || pointer->untouched || pointer->number == 0) return;
    int name = overlapped_name(pointer->number);
    pointer->number = name == NAME_OF_NONE ? OVERLAPPED_WITHOUT_NAME : (uint64_t)name + 1;
}

/* What GetQueuedCompletionStatusEx stores: as many entries as it counts, of which a step tells the first. */
static void observe_packets(const struct observing *observing) {
    int entries = signature_parameter_of_kind(observing->step->signature, PARAMETER_ENTRIES_OUT);
    struct observation *seen = observing->seen;
    const struct observed_value *count = &seen->values[OBSERVABLE_bytes];
    struct image image;
    if (entries < 0 || seen->word != OUTCOME_OK || !count->present || count->untouched) return;
    look_at(observing, (unsigned)entries, &image);
    uint32_t room = image.length / OVERLAPPED_ENTRY_SIZE;
    if (room > RESULT_ROUTINES_MAX) room = RESULT_ROUTINES_MAX;
    seen->routines_count = count->number < room ? (uint32_t)count->number : room;
    for (unsigned i = 0; i < seen->routines_count; i++) {
        const uint8_t *entry = image.bytes + i * OVERLAPPED_ENTRY_SIZE;
        struct observed_routine *packet = &seen->routines[i];
        packet->delivery = DELIVERY_PACKET;
        packet->overlapped = overlapped_name(load_u64(entry + ENTRY_OVERLAPPED));
        packet->values[MEMBER_KEY] = load_u64(entry + ENTRY_KEY);
        packet->values[MEMBER_BYTES] = load_u32(entry + ENTRY_BYTES);
        packet->values[MEMBER_INTERNAL] = load_u32(entry + ENTRY_INTERNAL);
    }
}

/* getsockopt stores as many bytes as it then says in *optlen. */
static void observe_option(const struct observing *observing, unsigned argument) {
    struct image value, size;
    look_at(observing, argument, &value);
    look_at(observing, observing->step->signature->parameters[argument].pair, &size);
    uint32_t length = size.length >= 4 ? load_u32(size.bytes) : 4;
    if (length > 4) length = 4;
    if (length > value.length) length = value.length;
    if (value.changed == 0 || length == 0) {
        set_untouched(observing->seen, OBSERVABLE_value);
        return;
    }
    uint8_t bytes[4] = { 0 };
    memcpy(bytes, value.bytes, length);
    set_value(observing->seen, OBSERVABLE_value, load_u32(bytes));
}

/* What is stored in PARAMETER_FLAG_OUT: of a control code, by one that is known to give something. */
static void observe_flag(const struct observing *observing, unsigned argument) {
    int code = signature_parameter_of_kind(observing->step->signature, PARAMETER_CODE);
    if (code >= 0 && (observing->call->arguments[code] & IOC_OUT) == 0) return;
    struct image image;
    look_at(observing, argument, &image);
    set_image_value(observing->seen, OBSERVABLE_value, &image, 0, 4);
}

/* What is left in a set of sockets. Of a socket that was not in it only this is said: that it is there. */
static uint64_t places_left(const struct image *image) {
    uint64_t left = 0, before = load_u64(image->before), count = load_u64(image->bytes);
    uint64_t room = (image->length - SOCKET_SET_SOCKETS) / POINTER_SIZE;
    if (count > room) return UINT64_C(1) << SET_HAS_ANOTHER;
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *socket = image->bytes + SOCKET_SET_SOCKETS + i * POINTER_SIZE;
        uint64_t place = 0;
        while (place < before &&
               memcmp(image->before + SOCKET_SET_SOCKETS + place * POINTER_SIZE, socket, POINTER_SIZE) != 0)
            place++;
        left |= UINT64_C(1) << (place < before ? place : (uint64_t)SET_HAS_ANOTHER);
    }
    return left;
}

/* What select leaves in its sets, and what WSAPoll finds of several sockets. */
static void observe_sets(const struct observing *observing) {
    const struct step *call = observing->step;
    int events = signature_parameter_of_kind(call->signature, PARAMETER_POLLED);
    if (signature_parameter_of_kind(call->signature, PARAMETER_SOCKETS) < 0) return;
    for (enum observable set = OBSERVABLE_readfds; set <= OBSERVABLE_exceptfds; set++) {
        struct image image;
        if (session_set_argument(call, set) == NULL) continue;
        look_at(observing, (unsigned)(set - OBSERVABLE_readfds), &image);
        if (image.length >= SOCKET_SET_SOCKETS) set_value(observing->seen, set, places_left(&image));
    }
    if (events < 0 || session_set_argument(call, OBSERVABLE_revents) == NULL) return;
    struct image image;
    uint64_t found = 0;
    look_at(observing, (unsigned)events, &image);
    if (image.length == 0) return;
    for (uint32_t i = 0; i + 4 <= image.length; i += 4)
        found |= (uint64_t)load_u16(image.bytes + i) << (i / 4 * POLLED_EVENTS_BITS);
    if (image.changed == 0 && observing->seen->word != OUTCOME_OK) set_untouched(observing->seen, OBSERVABLE_revents);
    else set_value(observing->seen, OBSERVABLE_revents, found);
}

/* WSAPoll: of one socket what was found, of several how many. */
static void observe_polled(const struct observing *observing, unsigned argument) {
    struct image image;
    uint32_t value = (uint32_t)observing->result->value;
    look_at(observing, argument, &image);
    if (session_set_argument(observing->step, OBSERVABLE_revents) == NULL)
        value = image.length >= 4 ? load_u32(image.bytes) : 0;
    set_value(observing->seen, OBSERVABLE_value, value);
}

static void observe_number(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    if (observing->seen->word != OUTCOME_OK) return;
    if ((signature->traits & TRAIT_SHOWS_VALUE) != 0)
        set_value(observing->seen, OBSERVABLE_value, (uint32_t)observing->result->value);
    if (signature->product != PRODUCT_VALUE) return;
    int option = signature_parameter_of_kind(signature, PARAMETER_OUT);
    int flag = signature_parameter_of_kind(signature, PARAMETER_FLAG_OUT);
    int polled = signature_parameter_of_kind(signature, PARAMETER_POLLED);
    assert((option >= 0) + (flag >= 0) + (polled >= 0) == 1);
    if (option >= 0) observe_option(observing, (unsigned)option);
    else if (polled >= 0) observe_polled(observing, (unsigned)polled);
    else observe_flag(observing, (unsigned)flag);
}

/* The first address that the call was to store, or -1. */
static int address_argument(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        bool stored = observing->call->ranges[i].state != RANGE_NULL;
        if (signature->parameters[i].kind == PARAMETER_ADDRESS_OUT && stored) return (int)i;
    }
    return -1;
}

/* What is stored and is no address is seen as one of no bytes: other bytes, or a length that is not the family's.
 * `length`: what the call left there, 0: it was given no place for one. Memory that could not hold an address is not
 * looked at. */
static void see_address(struct observation *seen, const struct image *image, uint32_t length) {
    if (image->length < SOCKADDR_IN_SIZE) return;
    if (image->changed == 0) {
        set_untouched(seen, OBSERVABLE_address);
        set_untouched(seen, OBSERVABLE_port);
        return;
    }
    uint16_t family = load_u16(image->bytes);
    bool v6 = family == AF_INET6 && image->length >= SOCKADDR_IN6_SIZE;
    bool fits = length == 0 || length == (v6 ? (uint32_t)SOCKADDR_IN6_SIZE : (uint32_t)SOCKADDR_IN_SIZE);
    if ((!v6 && family != AF_INET) || !fits) {
        set_value(seen, OBSERVABLE_address, 0);
        return;
    }
    set_value(seen, OBSERVABLE_address, v6 ? 16 : 4);
    memcpy(seen->address, image->bytes + (v6 ? 8 : 4), v6 ? 16 : 4);
    set_value(seen, OBSERVABLE_port, load_u16_network(image->bytes + 2));
}

/* The length that a call has left beside an address; 0: none. */
static uint32_t length_beside(const struct observing *observing, unsigned argument) {
    const struct parameter *parameter = &observing->step->signature->parameters[argument];
    struct image image;
    look_at(observing, parameter->pair, &image);
    return image.length < 4 ? 0 : load_u32(image.bytes);
}

static void observe_address(const struct observing *observing) {
    int argument = address_argument(observing);
    struct image image;
    if (argument < 0) return;
    look_at(observing, (unsigned)argument, &image);
    see_address(observing->seen, &image, length_beside(observing, (unsigned)argument));
}

static void observe_port(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    uint32_t word = observing->seen->word;
    bool returned = word == OUTCOME_OK || word == OUTCOME_ERROR;
    if (returned && signature_shows_address(signature, observing->seen->code)) observe_address(observing);
    if (!returned || !signature_binds(signature, word == OUTCOME_OK)) return;
    for (unsigned i = 0; i < observing->result->writes_count; i++) {
        const struct result_write *write = &observing->result->writes[i];
        if (write->address != OBSERVED_PORT_ADDRESS || write->length != 2) continue;
        set_value(observing->seen, OBSERVABLE_port, load_u16_network(write_bytes(observing->result, write)));
    }
}

static void observe_instance(const struct observing *observing, const struct image *image) {
    struct observation *seen = observing->seen;
    assert(image->length >= PORT_INSTANCE_SIZE);
    set_value(seen, OBSERVABLE_StartPort, load_u16_network(image->bytes));
    set_value(seen, OBSERVABLE_NumberOfPorts, load_u16(image->bytes + 2));
    set_image_value(seen, OBSERVABLE_padding, image, 4, 4);
    set_value(seen, OBSERVABLE_Token, load_u64(image->bytes + 8));
}

static void observe_out_image(struct observation *seen, const struct image *image) {
    uint32_t count = image->changed < OBSERVATION_OUT_MAX ? image->changed : OBSERVATION_OUT_MAX;
    if (count == 0) {
        set_untouched(seen, OBSERVABLE_out);
        return;
    }
    set_value(seen, OBSERVABLE_out, count);
    memcpy(seen->out, image->bytes, count);
}

/* WSANETWORKEVENTS: the events, and the code among theirs that is not 0. A place that is none of theirs stays as it was
 * (W180): where one does not, all bytes are shown. */
static void observe_network_events(const struct observing *observing) {
    enum { CODES_OFFSET = 4, CODE_BYTES = 4 };
    struct observation *seen = observing->seen;
    int argument = signature_parameter_of_kind(observing->step->signature, PARAMETER_OUT);
    struct image image;
    if ((observing->step->signature->traits & TRAIT_SHOWS_EVENTS) == 0 || seen->word != OUTCOME_OK) return;
    look_at(observing, (unsigned)argument, &image);
    if (image.length < NETWORK_EVENTS_SIZE) return;
    uint32_t events = load_u32(image.bytes), code = 0, others = 0;
    for (unsigned bit = 0, at = CODES_OFFSET; at < NETWORK_EVENTS_SIZE; bit++, at += CODE_BYTES) {
        bool reported = (events >> bit & 1) != 0;
        if (reported && code == 0) code = load_u32(image.bytes + at);
        for (unsigned i = 0; !reported && i < CODE_BYTES; i++) others += image.bytes[at + i] != image.before[at + i];
    }
    set_value(seen, OBSERVABLE_value, events);
    set_value(seen, OBSERVABLE_iErrorCode, code);
    if (others > 0) observe_out_image(seen, &image);
}

/* What was stored in the WSABUFs of a call that did not pend, one after the other up to the last changed byte. */
static void observe_buffers(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    if (signature_parameter_of_kind(signature, PARAMETER_BUFFERS_OUT) < 0) return;
    if (observing->seen->word == OUTCOME_PENDING) return;
    struct image all = { .length = 0 };
    for (uint32_t i = 0; i < observing->call->buffers_count; i++) {
        struct image one;
        look_at_range(observing, &observing->call->buffers[i].range, &one);
        uint32_t room = IMAGE_MAX - all.length;
        uint32_t count = one.length < room ? one.length : room;
        memcpy(all.bytes + all.length, one.bytes, count);
        if (one.changed > 0) all.changed = all.length + (one.changed < count ? one.changed : count);
        all.length += count;
    }
    if (all.length > 0) observe_out_image(observing->seen, &all);
}

/* A token that a function of persistent reservations stores. */
static void observe_token(const struct observing *observing) {
    int token = signature_parameter_of_kind(observing->step->signature, PARAMETER_TOKEN_OUT);
    struct image image;
    if (token < 0) return;
    look_at(observing, (unsigned)token, &image);
    set_image_value(observing->seen, OBSERVABLE_Token, &image, 0, PORT_TOKEN_SIZE);
}

/* The row that `show` reports; its ports when there is one. */
static void observe_row(const struct observing *observing) {
    int argument = signature_parameter_of_kind(observing->step->signature, PARAMETER_ROW_OUT);
    struct observation *seen = observing->seen;
    if (argument < 0 || seen->word != OUTCOME_OK) return;
    struct image image;
    look_at(observing, (unsigned)argument, &image);
    unsigned row = image.changed == 0 ? (unsigned)NETSH_ROWS_COUNT : load_u16(image.bytes);
    if (row >= NETSH_ROWS_COUNT) return; /* nothing was stored */
    set_value(seen, OBSERVABLE_row, row);
    if (row == NETSH_ROW_NONE) return;
    set_value(seen, OBSERVABLE_StartPort, load_u16(image.bytes + 2));
    set_value(seen, OBSERVABLE_NumberOfPorts, load_u32(image.bytes + 4));
}

/* The dynamic range that `show` reports. */
static void observe_range(const struct observing *observing) {
    int argument = signature_parameter_of_kind(observing->step->signature, PARAMETER_RANGE_OUT);
    if (argument < 0 || observing->seen->word != OUTCOME_OK) return;
    struct image image;
    look_at(observing, (unsigned)argument, &image);
    if (image.changed == 0) return; /* nothing was stored */
    set_value(observing->seen, OBSERVABLE_StartPort, load_u32(image.bytes));
    set_value(observing->seen, OBSERVABLE_NumberOfPorts, load_u32(image.bytes + 4));
}

/* Output buffers of WSAIoctl, and of a getsockopt that did not succeed. WSADATA is the host's own business. */
static void observe_output(const struct observing *observing) {
    const struct signature *signature = observing->step->signature;
    int argument = signature_parameter_of_kind(signature, PARAMETER_OUT);
    bool success = observing->seen->word == OUTCOME_OK;
    bool by_code = signature->product == PRODUCT_OUTPUT;
    if (argument < 0 || observing->seen->word == OUTCOME_PENDING) return;
    if (!by_code && (signature->product != PRODUCT_VALUE || success)) return;
    struct image image;
    look_at(observing, (unsigned)argument, &image);
    if (image.length == 0) return;
    int code = signature_parameter_of_kind(signature, PARAMETER_CODE);
    enum layout layout =
        by_code && code >= 0 ? control_layout_of((uint32_t)observing->call->arguments[code]).output : LAYOUT_BYTES;
    bool is_instance = layout == LAYOUT_PORT_INSTANCE;
    if (layout == LAYOUT_OPAQUE && image.changed > 0) return;
    if (success && is_instance && image.length >= PORT_INSTANCE_SIZE) observe_instance(observing, &image);
    else observe_out_image(observing->seen, &image);
}

/* The OVERLAPPED of a call that started a request and did not pend. Internal is an NTSTATUS: its upper half means
 * nothing. WSAGetOverlappedResult only reads its OVERLAPPED. */
static void observe_overlapped(const struct observing *observing) {
    int argument = signature_parameter_of_kind(observing->step->signature, PARAMETER_OVERLAPPED);
    if (argument < 0 || !signature_starts_request(observing->step->signature)) return;
    if (observing->seen->word == OUTCOME_PENDING) return;
    struct image image;
    look_at(observing, (unsigned)argument, &image);
    set_image_value(observing->seen, OBSERVABLE_Internal, &image, OVERLAPPED_INTERNAL, 4);
    set_image_value(observing->seen, OBSERVABLE_InternalHigh, &image, OVERLAPPED_INTERNAL_HIGH, 8);
}

static void observe_routines(const struct result *result, struct observation *seen) {
    assert(result->routines_count <= RESULT_ROUTINES_MAX);
    seen->routines_count = result->routines_count;
    for (unsigned i = 0; i < result->routines_count; i++) {
        const struct result_routine *ran = &result->routines[i];
        struct observed_routine *routine = &seen->routines[i];
        routine->delivery = ran->kind == RAN_APC ? DELIVERY_APC : DELIVERY_ROUTINE;
        routine->overlapped = NO_NAME;
        if (ran->kind == RAN_APC) {
            routine->number = ran->overlapped;
            continue;
        }
        uint32_t offset = 0;
        routine->overlapped = session_object_at(ran->overlapped, &offset);
        routine->values[MEMBER_ERROR] = ran->error;
        routine->values[MEMBER_BYTES] = ran->bytes; /* flags are always 0 and have no place in the language */
    }
}

/* The new handle's number, 0 when there is none; notes the stale name of this process that had it before. */
static uint64_t observe_handle(const struct observing *observing) {
    int product = observing->step->product;
    int process = product == NO_NAME ? observing->step->process : observing->scenario->names[product].process;
    if (observing->seen->word != OUTCOME_OK || !product_is_handle(observing->step->signature->product)) return 0;
    for (uint32_t i = 0; i < observing->scenario->names_count; i++) {
        const struct live_value *live = &observing->session->live[i];
        const struct name *name = &observing->scenario->names[i];
        bool handle = name_is_handle(name->kind);
        if (!handle || live->state != LIVE_STALE || name->process != process) continue;
        if (live->number != observing->result->value) continue;
        set_value(observing->seen, OBSERVABLE_handle, i);
        break;
    }
    return observing->result->value;
}

/* --- whole steps ---------------------------------------------------------------------------------------------- */

static void forget_late(struct session *session, uint32_t step) {
    for (unsigned i = 0; i < session->late_used; i++) {
        struct late_write *late = &session->late[i];
        if (late->length == 0 || (late->address - STEP_ADDRESSES) / STEP_STRIDE != step) continue;
        memset(late, 0, sizeof *late);
    }
    while (session->late_used > 0 && session->late[session->late_used - 1].length == 0) session->late_used--;
}

static void observe_all(const struct observing *observing) {
    observe_last_error(observing);
    observe_counts(observing);
    observe_flags(observing);
    observe_control(observing);
    observe_packet(observing);
    observe_packets(observing);
    observe_number(observing);
    observe_sets(observing);
    observe_network_events(observing);
    observe_port(observing);
    observe_output(observing);
    observe_buffers(observing);
    observe_token(observing);
    observe_row(observing);
    observe_range(observing);
    observe_overlapped(observing);
}

static void observe_call(const struct observing *observing, const struct step *asked) {
    struct session *session = observing->session;
    const struct result *result = observing->result;
    unsigned thread = observing->call->thread;
    assert(thread < THREADS_MAX);
    observe_word(observing);
    /* What a blocking hook calls changes nothing about the call in which its thread is parked. */
    bool in_hook = asked->kind == STEP_CALL && session->parked[thread] != 0;
    if (asked->kind == STEP_CALL && !in_hook) session->parked[thread] = session->steps_done;
    observe_routines(result, observing->seen);
    bool completed = observing->seen->word != OUTCOME_PENDING && observing->seen->word != OUTCOME_BLOCKS;
    apply_writes(session, observing->scenario, result, completed ? observing->step->product : NO_NAME);
    if (observing->seen->word == OUTCOME_BLOCKS) return;
    if (observing->seen->word != OUTCOME_FAULT) observe_all(observing);
    uint64_t handle = observe_handle(observing);
    session_bind(session, observing->scenario, asked, observing->seen, handle);
    if (in_hook) return;
    forget_late(session, session->parked[thread]);
    session->parked[thread] = 0;
}

/* The part of a name's image from `offset` on that is not poison any more. */
static void set_kept_value(struct observation *seen, enum observable observable, const uint8_t *image, uint32_t offset,
                           uint32_t length) {
    assert(length == 4 || length == 8);
    for (uint32_t i = 0; i < length; i++) {
        if (image[offset + i] == poison_byte(offset + i)) continue;
        set_value(seen, observable, length == 4 ? load_u32(image + offset) : load_u64(image + offset));
        return;
    }
    set_untouched(seen, observable);
}

static void observe_show(struct session *session, const struct scenario *scenario, const struct step *step,
                         const struct result *result, struct observation *seen) {
    assert(step->subject >= 0 && (uint32_t)step->subject < scenario->names_count);
    apply_writes(session, scenario, result, NO_NAME);
    seen->word = OUTCOME_OK;
    const struct live_value *live = &session->live[step->subject];
    const uint8_t *image = session->memory + live->memory_offset;
    enum name_kind kind = scenario->names[step->subject].kind;
    bool has_event = kind == NAME_EVENT;
    if (kind == NAME_OVERLAPPED && live->memory_length == OVERLAPPED_SIZE) {
        set_kept_value(seen, OBSERVABLE_Internal, image, OVERLAPPED_INTERNAL, 4);
        set_kept_value(seen, OBSERVABLE_InternalHigh, image, OVERLAPPED_INTERNAL_HIGH, 8);
        has_event = load_u64(image + OVERLAPPED_EVENT) != 0;
    }
    if (kind == NAME_BUFFER) {
        struct image looked = { .length = live->shown < IMAGE_MAX ? live->shown : IMAGE_MAX };
        memcpy(looked.bytes, image, looked.length);
        for (uint32_t i = 0; i < looked.length; i++)
            if (image[i] != poison_byte(i)) looked.changed = i + 1;
        if (live->has_address) see_address(seen, &looked, 0);
        else observe_out_image(seen, &looked);
    }
    if (has_event && result->value <= 1) set_value(seen, OBSERVABLE_event, result->value);
}

void session_observe_word(struct session *session, const struct scenario *scenario, const struct step *step,
                          const struct call *call, const struct result *result, struct observation *seen) {
    assert(step->kind == STEP_CALL && call != NULL);
    const struct observing observing = {
        .session = session, .scenario = scenario, .step = step, .call = call, .result = result, .seen = seen
    };
    observe_word(&observing);
}

void session_observe(struct session *session, const struct scenario *scenario, const struct step *step,
                     const struct call *call, const struct result *result, struct observation *seen) {
    assert(session != NULL && result != NULL);
    if (step->kind == STEP_SHOW) {
        observe_show(session, scenario, step, result, seen);
        return;
    }
    if (step->kind != STEP_CALL && step->kind != STEP_RETURNS) { /* an event: only what was written on the way counts */
        apply_writes(session, scenario, result, NO_NAME);
        session_note_event(session, scenario, step);
        return;
    }
    assert(call != NULL);
    struct observing observing = { .session = session,
                                   .scenario = scenario,
                                   .step = session_call_of(scenario, step),
                                   .call = call,
                                   .result = result,
                                   .seen = seen };
    if (observing.step == NULL || observing.step->signature->function != call->function) {
        /* `returns` after a call that was not made, because its thread is still inside the one before */
        apply_writes(session, scenario, result, NO_NAME);
        seen->word = OUTCOME_BLOCKS;
        return;
    }
    observe_call(&observing, step);
}
