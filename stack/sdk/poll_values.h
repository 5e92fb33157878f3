/* The events of WSAPoll. Apart from the other values of sockets, because <poll.h> of other systems gives the same names
 * other numbers. Where the real winsock2.h was included before, its own stay. */
#ifndef RESERVOIR_STACK_SDK_POLL_VALUES_H
#define RESERVOIR_STACK_SDK_POLL_VALUES_H

#ifndef POLLRDNORM
#define POLLERR 0x1
#define POLLHUP 0x2
#define POLLNVAL 0x4
#define POLLWRNORM 0x10
#define POLLWRBAND 0x20
#define POLLRDNORM 0x100
#define POLLRDBAND 0x200
#define POLLPRI 0x400
#endif

#endif
