#include "stack/winsock/headers.h"

#include "stack/winsock/asking.h"

#include "stack/winsock/hooks.h"
#include "stack/winsock/machine.h"
#include "stack/winsock/requests.h"

void asking_store_error(LPINT error_out, uint32_t error) {
    if (error_out != NULL && error != ERROR_UNTOUCHED) *error_out = (int)error;
}

uint64_t asking_finish_call(struct call *call, LPINT error_out) {
    uint32_t error = ERROR_UNTOUCHED;
    hook_follow();
    uint64_t value = winsock_machine_call(call, &error);
    asking_store_error(error_out, error);
    requests_pass_on();
    return value;
}

uint64_t asking_ask(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX], LPINT error_out) {
    struct call call;
    winsock_machine_record(&call, function, arguments);
    return asking_finish_call(&call, error_out);
}

bool asking_is_memory(const void *memory, size_t bytes) {
    struct call call;
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { 0, POINTER(memory), bytes };
    winsock_machine_record(&call, FUNCTION_send,
                           arguments); /* whose second argument has as many bytes as the third says */
    return call_range_holds(&call, send_buf, (uint32_t)bytes);
}

int asking_not_modelled(const char *what, LPINT error_out) {
    winsock_machine_not_modelled(what);
    asking_store_error(error_out, WSAEOPNOTSUPP);
    return SOCKET_ERROR;
}

int asking_request(const struct requesting *asked, const uint64_t arguments[CALL_ARGUMENTS_MAX], LPINT error) {
    struct call call;
    winsock_machine_record(&call, asked->function, arguments);
    int number = request_begin(&call, asked->overlapped, asked->routine, &asked->request);
    if (number < 0) {
        asking_store_error(error, WSAENOBUFS);
        return asked->failure;
    }
    uint32_t failed = ERROR_UNTOUCHED;
    hook_follow();
    int value = (int)winsock_machine_call(&call, &failed);
    asking_store_error(error, failed);
    request_end(number, value != asked->failure, failed == WSA_IO_PENDING);
    return value;
}
