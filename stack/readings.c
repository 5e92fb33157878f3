#include "stack/readings.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/world.h"

/* All questions, in ascending order. The `documented` candidate equals the lean wherever the pages are silent.
 *
 * X(question, modelled, documented, lean, provenance of the lean, title, note, candidate a, candidate b, ...)
 *
 * A W with a number is an assertion about real Windows in the conformance tests of another implementation; `sibling`
 * is another control code of the same kind whose answers such tests pin down. */
#define READINGS(X) \
    X(1, true, A, B, OBSERVED, "ACQUIRE with an output buffer below 16 bytes, or none", \
      "The pages of the three codes say WSAEINVAL, the page of WSAIoctl says WSAEFAULT. Siblings answer WSAEFAULT " \
      "(W11, W40, W54, W60). How an overlapped call reports it is question 72.", \
      "WSAEINVAL", "WSAEFAULT") \
    X(2, true, A, A, OBSERVED, "Input buffer too small or NULL", \
      "The page of WSAIoctl names a too small cbInBuffer under WSAEFAULT, and the closest sibling does so (W22, W23, " \
      "W26); one other sibling answers WSAEINVAL (W37).", \
      "WSAEFAULT", "WSAEINVAL") \
    X(3, true, A, A, OBSERVED, "ACQUIRE with cbIn above 4", \
      "The page says that it should, not must, be the size of the structure; a sibling accepts too much (W17).", \
      "accepted", "WSAEINVAL") \
    X(4, true, A, A, INFERRED, "ASSOCIATE or RELEASE with cbOut other than 0", \
      "The pages say that it must be zero and leave open whether anybody looks; the only fitting row of the error " \
      "table is an input parameter that is not acceptable.", \
      "WSAEINVAL", "ignored") \
    X(5, true, B, A, OBSERVED, "Returned byte count of a successful synchronous ASSOCIATE or RELEASE", \
      "Nothing is stored, yet the pages say that the count cannot be zero. A sibling without output returns 0 (W19, " \
      "W24).", \
      "0", "the size of the input") \
    X(6, true, A, A, DOCUMENTED, "Returned byte count of a successful ACQUIRE", \
      "The pages say the size of the data stored; the structure takes 16 bytes on every Windows ABI, and 12 only " \
      "when packed.", \
      "16", "12") \
    X(7, true, A, A, OBSERVED, "lpcbBytesReturned NULL", \
      "Refused before anything else is looked at, also in overlapped calls (W1, W2, W10, W25, W31).", \
      "WSAEFAULT always", "allowed in overlapped calls") \
    X(8, true, A, A, OBSERVED, "Byte count after a synchronous failure", \
      "The pages promise zero for a too small output only. Siblings zero it more often than not (W3, W21-W23, W54); " \
      "some leave it alone (W11, W37).", \
      "zeroed", "untouched") \
    X(9, true, A, A, DOCUMENTED, "RELEASE with a bad input pointer", \
      "The page's WSAEFAULT row names the overlapped structure and the routine only; the page of WSAIoctl, which " \
      "holds for every code, names all pointers.", \
      "WSAEFAULT", "WSAEINVAL") \
    X(10, false, A, A, OBSERVED, "Order of the checks", \
      "Not a reading: the byte count pointer is known to come first (W1, W31), checks without a known order are " \
      "parallel, and any violated one may be reported.", \
      "known order where there is one", "one fixed order") \
    X(11, true, A, A, SILENT, "Unaligned input structures", \
      "Nobody has said. A kernel that probes alignment would surface as WSAEFAULT (W60).", \
      "accepted", "WSAEFAULT") \
    X(12, true, A, A, CLIENT, "Byte order of StartPort", \
      "The structure's page is silent; Microsoft's samples, msquic and demikernel use network order.", \
      "network order", "host order") \
    X(13, true, A, A, INFERRED, "ACQUIRE of zero ports", \
      "The functions for persistent reservations refuse a count of 0 as an invalid parameter.", \
      "WSAEINVAL", "succeeds with an empty block", "treated as 1") \
    X(14, true, A, A, INFERRED, "ACQUIRE past port 65535", \
      "The functions for persistent reservations refuse such a block as an invalid parameter.", \
      "WSAEINVAL", "truncated at 65535", "WSAEADDRNOTAVAIL") \
    X(15, true, B, B, INFERRED, "Wildcard ACQUIRE that no free run can hold", \
      "No page names an error; a kernel status for too many addresses surfaces as WSAENOBUFS (W65), a conflict as " \
      "WSAEADDRINUSE (W61). demikernel halves its request on any error.", \
      "WSAEADDRINUSE", "WSAENOBUFS", "WSAEINVAL") \
    X(16, true, A, A, OBSERVED, "Where wildcard blocks come from", \
      "Blocks seen on machines with a changed dynamic range lie in it; Microsoft's own script counts on it.", \
      "the dynamic range only", "any free port from 1024 on") \
    X(17, true, A, A, INFERRED, "Placement of wildcard blocks", \
      "Lists from the field show adjacent, unaligned blocks around ports in use; first fit looks plausible.", \
      "lowest fit", "after the last block (next fit)", "anywhere") \
    X(18, false, A, A, CLIENT, "Quotas on block sizes and on reservations", \
      "No quota is known to model: Microsoft's script takes ten blocks of 64 on one socket.", \
      "none but the size of the range", "undocumented quotas") \
    X(19, true, A, A, CLIENT, "Specific ports below 1024", \
      "No page restricts them, and ms-nfs41-client acquires 600 to 1023.", \
      "allowed", "WSAEACCES") \
    X(20, true, A, A, DOCUMENTED, "Persistent reservation with StartPort 0", \
      "The error table refuses 0 and the wildcard exists at run time only; one sentence lets the caller say whether a " \
      "specific range is needed.", \
      "ERROR_INVALID_PARAMETER", "a wildcard: the lowest free block of the dynamic range") \
    X(21, true, A, A, INFERRED, "Persistent block that is too large", \
      "The page speaks of ports that can be allocated. A sample reserves port 5000, outside the dynamic range.", \
      "ERROR_INVALID_PARAMETER past 65535", "ERROR_INVALID_PARAMETER past the dynamic range's end", \
      "ERROR_SHARING_VIOLATION past 65535") \
    X(22, true, A, A, SILENT, "Persistent functions: a bad argument and no privilege at once", \
      "Nobody has said.", \
      "parameters are checked first", "access is checked first") \
    X(23, false, A, A, INFERRED, "Values of tokens", \
      "Not a reading: the model never gives 0, which the SDK calls the invalid token, nor one that is live; which " \
      "value it gives is a free choice.", \
      "never 0, unique while live", "TCP and UDP tokens may collide") \
    X(24, true, A, A, INFERRED, "ACQUIRE over a port that another socket has bound", \
      "WSAEADDRINUSE was seen for reservations and exclusions, and a sharing violation surfaces so (W61).", \
      "WSAEADDRINUSE", "WSAEACCES", "allowed") \
    X(25, true, A, A, OBSERVED, "ACQUIRE over another reservation", \
      "msquic issue 5795: two processes on one port, the second ACQUIRE answers 10048.", \
      "WSAEADDRINUSE", "WSAEACCES") \
    X(26, true, A, A, OBSERVED, "ACQUIRE over an administered exclusion", \
      "msquic issue 2891 and dotnet/runtime issue 71518: 10048, although a plain bind succeeds there.", \
      "WSAEADDRINUSE", "allowed") \
    X(27, true, A, A, INFERRED, "ACQUIRE of a block that is partly taken", \
      "The output could tell of a smaller block; nobody has seen one.", \
      "all or nothing", "shrunk to the ports before the first conflict") \
    X(28, true, A, A, OBSERVED, "ACQUIRE of a block that the same process holds", \
      "A test of msquic demands 10048 for a second listener of the same process.", \
      "a conflict as for strangers", "the identical block is answered again with its token") \
    X(29, true, A, A, OBSERVED, "Bind of an unassociated socket to a reserved port", \
      "Binds into live ranges of others answer 10013 in many reports. The author of msquic's first attempt saw no " \
      "failure within his own process; some guest ranges answer 10048.", \
      "WSAEACCES", "WSAEADDRINUSE", "allowed for the process that owns the reservation") \
    X(30, true, A, A, SILENT, "The same with SO_REUSEADDR", \
      "Nobody has said; a reservation that any program could step over would guard nothing.", \
      "still refused", "SO_REUSEADDR steps over the reservation") \
    X(31, true, A, A, INFERRED, "Persistent block over a live runtime reservation", \
      "The page names ports in use and persistent blocks; a reserved port is no longer anybody's.", \
      "ERROR_SHARING_VIOLATION", "allowed") \
    X(32, true, A, A, INFERRED, "Persistent block over an administered exclusion", \
      "netsh refuses ports in use in the same words, and any further reservation over an exclusion fails so.", \
      "ERROR_SHARING_VIOLATION", "allowed") \
    X(33, true, A, A, INFERRED, "Persistent block, or netsh exclusion, over a port bound in one family only", \
      "The functions know no family and one exclusion of netsh covers both, so that any binding is a port in use.", \
      "ERROR_SHARING_VIOLATION", "refused only where both families are bound") \
    X(34, true, A, A, OBSERVED, "Do IPv4 and IPv6 share one port space?", \
      "netsh stores one exclusion for both families; TCP and UDP are known to be independent.", \
      "families share one space", "one space per family") \
    X(35, false, B, B, CLIENT, "Do ports in TIME_WAIT count as in use for ACQUIRE?", \
      "The wire is not modelled yet. ms-nfs41-client saw ACQUIRE succeed where the connect that followed failed.", \
      "yes", "no") \
    X(36, true, A, A, OBSERVED, "How netsh lists reservations", \
      "Rows without the administered mark fit live reservations. Nobody has said how blocks of CreatePersistent... are " \
      "listed; that binds into them are refused, as into unmarked ranges, speaks for no mark.", \
      "both kinds without the mark", "persistent ones with the mark", "runtime ones hidden") \
    X(37, false, A, A, OBSERVED, "Explicit bind into an excluded range", \
      "Not a reading: both hold, by the range's mark, which is a fact of the world.", \
      "allowed where the range is administered", "WSAEACCES where it is not") \
    X(38, true, A, A, INFERRED, "ASSOCIATE after bind", \
      "The page demands the order and names no error; a second bind answers WSAEINVAL (W77, W103).", \
      "WSAEINVAL", "WSAEISCONN", "ignored") \
    X(39, true, A, A, SILENT, "A second ASSOCIATE on one socket", \
      "Nobody has said.", \
      "replaces the first", "WSAEINVAL", "accepted for the same token, else WSAEINVAL") \
    X(40, true, A, A, INFERRED, "Unknown or zero token", \
      "A kernel's `not found` and `invalid parameter` both surface as WSAEINVAL (W70).", \
      "WSAEINVAL", "WSAEADDRNOTAVAIL", "WSAEACCES") \
    X(41, true, B, B, INFERRED, "ASSOCIATE with a runtime token of another process", \
      "The WSAEACCES row speaks of persistent reservations; a token looked up per process is not found (W70).", \
      "WSAEACCES", "WSAEINVAL") \
    X(42, true, A, A, INFERRED, "ASSOCIATE with a token of the other protocol", \
      "Each protocol keeps its own reservations, so that the token is unknown there (W70).", \
      "WSAEINVAL", "WSAEOPNOTSUPP", "fails at bind with WSAEINVAL") \
    X(43, true, A, A, SILENT, "ASSOCIATE on a socket of the other family", \
      "Nobody has said; msquic uses dual-mode sockets throughout.", \
      "allowed", "WSAEINVAL") \
    X(44, true, A, A, DOCUMENTED, "Where a persistent token without privilege is refused", \
      "The page says ASSOCIATE.", \
      "WSAEACCES at ASSOCIATE", "WSAEACCES at bind") \
    X(45, true, A, A, SILENT, "Bind without the privilege that ASSOCIATE of a persistent token had", \
      "Nobody has said. It happens to a thread that impersonates, and to a socket that another process binds.", \
      "bind succeeds", "checked again: WSAEACCES") \
    X(46, true, A, A, SILENT, "Bind to port 0 when the associated block is used up", \
      "The page says that bind fails, and no more. Conflicts surface as WSAEADDRINUSE (W61), exhaustion as " \
      "WSAENOBUFS (W65).", \
      "WSAEADDRINUSE", "WSAENOBUFS", "WSAEACCES", "WSAEADDRNOTAVAIL") \
    X(47, true, A, A, SILENT, "Which port of the block a bind to port 0 takes", \
      "Nobody has said.", \
      "the first free one, ascending", "the next free one after the last taken (next fit)", "any free one") \
    X(48, true, A, A, CLIENT, "Bind to an explicit port inside the associated block", \
      "msquic acquires one port, associates and binds that port by number.", \
      "allowed", "the number is ignored and a port of the block is taken as for port 0") \
    X(49, true, A, A, INFERRED, "Bind to an explicit port outside the associated block", \
      "The page says that the port is selected from the reservation; which error follows is a guess.", \
      "WSAEACCES", "allowed", "WSAEADDRNOTAVAIL", "WSAEINVAL") \
    X(50, true, A, A, INFERRED, "Two associated sockets on one port", \
      "msquic needs SIO_CPU_AFFINITY for it, which suggests that association alone does not suffice.", \
      "the usual conflict rules", "allowed by association") \
    X(51, false, A, A, INFERRED, "Two associated sockets on one port and different addresses", \
      "Not asked apart: the sharing rules of bind decide, as for any two sockets.", \
      "the usual sharing rules", "refused") \
    X(52, true, A, A, INFERRED, "Association after a failed bind", \
      "A failed bind leaves a socket as it was, so that a retry can succeed.", \
      "kept", "lost") \
    X(53, true, A, A, CLIENT, "Implicit bind of an associated socket", \
      "The page says `if and when the socket is bound`; ms-nfs41-client connects without a bind and servers that " \
      "demand its reserved port accept it.", \
      "honours the association", "takes a port of the dynamic range") \
    X(54, true, A, A, INFERRED, "RELEASE or close of the acquirer while a socket is bound in the block", \
      "A sample releases while bound and prints success; ms-nfs41-client's author says that it cannot be done.", \
      "the socket keeps its port", "the socket loses its binding", "RELEASE answers WSAEADDRINUSE") \
    X(55, true, A, A, INFERRED, "Bind of a socket whose reservation is gone", \
      "The token names nothing any more.", \
      "WSAEINVAL", "a port of the dynamic range, as if never associated") \
    X(56, true, A, A, SILENT, "ACQUIRE on a bound socket", \
      "Nobody has said; the samples acquire before bind.", \
      "allowed", "WSAEINVAL") \
    X(57, true, A, A, DOCUMENTED, "RELEASE through another socket of the process", \
      "The page ties the right to the process that obtained the reservation, not to the socket.", \
      "any socket of the process", "only the acquirer, else WSAEINVAL") \
    X(58, true, B, B, INFERRED, "RELEASE with a token of another process", \
      "The page demands the issuing process and names no error; see question 41.", \
      "WSAEACCES", "WSAEINVAL") \
    X(59, true, A, A, INFERRED, "RELEASE with a persistent token", \
      "The page says runtime reservations and names no error for others.", \
      "WSAEINVAL", "WSAEACCES", "deletes the block, for an administrator; else WSAEACCES", "WSAEOPNOTSUPP") \
    X(60, true, A, A, INFERRED, "RELEASE of a token that was released already", \
      "The token names nothing any more, and what is not found surfaces as WSAEINVAL (W70).", \
      "WSAEINVAL", "success") \
    X(61, true, A, A, INFERRED, "RELEASE through a socket of the other protocol", \
      "Each protocol keeps its own reservations, so that the token is unknown there (W70).", \
      "WSAEINVAL", "allowed: the token decides") \
    X(62, true, A, A, INFERRED, "Lifetime with duplicated handles", \
      "The pages speak of the socket's lifetime. Pending requests end with the last handle (W111). A child's inherited " \
      "handles are handles like others.", \
      "until the last handle closes", "until the owning process closes its own") \
    X(63, true, A, A, DOCUMENTED, "Deleting part of a persistent block, or more than it", \
      "The page speaks of the specified block, that of Lookup demands the values of Create.", \
      "ERROR_NOT_FOUND", "the overlapping part is deleted") \
    X(64, true, A, A, INFERRED, "Deleting a persistent block while sockets are associated or bound", \
      "The page lists no sharing violation for it.", \
      "succeeds, bound sockets live on", "ERROR_SHARING_VIOLATION") \
    X(65, false, A, A, DOCUMENTED, "The token parameter of the Delete functions", \
      "Wording: the structure's page speaks of a parameter that the prototypes do not have.", \
      "an error of the page", "another function") \
    X(66, true, A, A, DOCUMENTED, "Privilege for Lookup", \
      "The page names none; msquic pull request 5798 agrees.", \
      "none", "ERROR_ACCESS_DENIED") \
    X(67, true, A, A, DOCUMENTED, "Lookup of part of a block", \
      "The values must match those of Create.", \
      "ERROR_NOT_FOUND", "the covering token") \
    X(68, true, A, A, INFERRED, "Persistent tokens within one boot", \
      "Tokens may change at each restart, by implication not between.", \
      "stable", "each Lookup may tell another; the last one told is valid") \
    X(69, true, A, A, DOCUMENTED, "The codes on a non-blocking socket", \
      "The pages say that these codes have no non-blocking mode; the page of WSAIoctl lists WSAEWOULDBLOCK, which " \
      "another code does answer (W44).", \
      "completes", "WSAEWOULDBLOCK") \
    X(70, true, A, A, OBSERVED, "Overlapped success", \
      "The closest sibling returns 0 at once (W27); codes that go down to the transport pend (W53).", \
      "returns 0 at once", "WSA_IO_PENDING, then completes") \
    X(71, false, A, A, DOCUMENTED, "Event, routine or packet after an immediate success", \
      "Completion ports and their skip flags are not modelled yet; events and routines do follow (W13, W27, W28).", \
      "always", "none with the skip flag") \
    X(72, true, A, A, DOCUMENTED, "Overlapped failure", \
      "The page of WSAIoctl says that no completion follows a failure at once; siblings fail so for short input " \
      "(W26), while codes that go down to the transport pend (W55).", \
      "an immediate error", "WSA_IO_PENDING, then a failing completion") \
    X(73, true, B, A, OBSERVED, "Byte count of an overlapped success at once", \
      "The page of WSAIoctl says that it is set; the closest sibling leaves it (W27), others set it (W12, W29).", \
      "untouched", "set") \
    X(74, true, A, A, DOCUMENTED, "A completion routine without an OVERLAPPED", \
      "The table of completion mechanisms says that the call is synchronous and the routine ignored.", \
      "ignored", "WSAEINVAL") \
    X(75, false, A, A, DOCUMENTED, "An OVERLAPPED on a socket that is not overlapped", \
      "Settled by the page: ignored (W120 agrees).", \
      "ignored", "honoured") \
    X(76, true, A, A, OBSERVED, "A socket that is neither TCP nor UDP", \
      "Two rows of the same table fit. A sibling answers WSAEOPNOTSUPP for the wrong protocol (W33).", \
      "WSAEOPNOTSUPP", "WSAEINVAL", "WSAENOPROTOOPT") \
    X(77, true, B, A, OBSERVED, "A control code that nobody knows", \
      "The pages say WSAEINVAL for a code that is no valid command; Windows answers WSAEOPNOTSUPP (W3).", \
      "WSAEOPNOTSUPP", "WSAEINVAL") \
    X(78, false, A, A, INFERRED, "Error of a cancelled call", \
      "Cancellation is not modelled yet. The pages name both errors and do not say which is whose.", \
      "WSAEINTR for synchronous calls, WSA_OPERATION_ABORTED for overlapped ones", "WSA_OPERATION_ABORTED always", \
      "WSAEINTR always") \
    X(79, false, A, A, DOCUMENTED, "WSAEINTR by WSACancelBlockingCall", \
      "Dead text: Winsock 2.2 does not have that function.", \
      "never", "emulated") \
    X(80, false, A, A, INFERRED, "WSAEINPROGRESS", \
      "Dead text: it belongs to the blocking hooks of Winsock 1.1.", \
      "never", "emulated") \
    X(81, true, A, A, DOCUMENTED, "WSAIoctl before WSAStartup", \
      "The page of WSAStartup says that every function fails so (W97 shows it for socket); the page of WSAIoctl does " \
      "not list it.", \
      "WSANOTINITIALISED", "WSAENOTSOCK") \
    X(82, false, A, A, DOCUMENTED, "ACQUIRE has output, its code lacks the output bit", \
      "Wording: the header fixes the value of the code.", \
      "the bits only describe", "the bits decide what is copied") \
    X(83, false, A, A, INFERRED, "lpErrno marked as input, and a 32-bit context of WPUQueueApc", \
      "Wording: the header fixes both.", \
      "errors of the pages", "as the pages say") \
    X(84, false, A, A, DOCUMENTED, "WSPIoctl and the thread's last error", \
      "Layered providers are not modelled yet. A provider stores its error in *lpErrno alone.", \
      "only *lpErrno", "also the last error") \
    X(85, false, A, A, CLIENT, "Supported since Vista, or safe only since build 17763", \
      "Not modelled: msquic shuns older builds for a defect that nobody describes.", \
      "no difference between builds", "an unknown defect before 17763") \
    X(86, true, A, A, INFERRED, "Administrator, or elevated", \
      "The page excuses the built-in Administrator and the manifest requireAdministrator, then speaks of an enhanced " \
      "shell as the built-in Administrator. One boolean gives every documented row: is Administrators enabled in the " \
      "effective token?", \
      "one check: Administrators is enabled", \
      "to the letter: a member other than the built-in Administrator needs the manifest as well") \
    X(87, true, B, A, CLIENT, "ASSOCIATE with a runtime token by an unprivileged user", \
      "The page's sentence on users outside Administrators is not limited to " \
      "persistent reservations; msquic ships runtime use by ordinary processes.", \
      "allowed", "WSAEACCES") \
    X(88, true, B, A, OBSERVED, "Bad output pointer of ASSOCIATE or RELEASE with cbOut 0", \
      "The error row names the pointer, the parameter table calls it unused; a sibling without output ignores it " \
      "(W18).", \
      "ignored", "WSAEFAULT") \
    X(89, true, A, A, DOCUMENTED, "Does the provider implement the three codes at all?", \
      "A property of the host, not of the documentation: with `no`, WSAEOPNOTSUPP conforms to the page, and an " \
      "overlapped call pends and then fails, as with any code that the provider does not know.", \
      "yes", "no") \
    X(90, true, A, A, INFERRED, "Privilege of a thread that impersonates", \
      "The pages speak of users and programs, not of threads. Access is ordinarily checked against the token that the " \
      "thread impersonates with.", \
      "that of the token it impersonates with", "that of its process") \
    X(91, true, A, A, SILENT, "Create or Lookup with a Token that is NULL or bad", \
      "The pages list no error for it. These functions run in the caller's process, which may catch what happens there.", \
      "ERROR_INVALID_PARAMETER", "an exception in the call, and nothing is created") \
    X(92, true, A, A, CLIENT, "Bind of an unassociated socket into a persistent block", \
      "msquic's documentation says that nobody else can bind there; netsh's exclusions, kept in the same place, let " \
      "anybody bind a port by its number. Either way the ports leave the dynamic range.", \
      "refused as into a runtime reservation (question 29)", "allowed as into an administered exclusion") \
    X(93, true, A, A, INFERRED, "Persistent tokens after a restart", \
      "The pages say that a token may change at each restart, so that no program may count on it.", \
      "all change", "all stay", "either") \
    X(94, true, A, A, INFERRED, "netsh add of an exclusion that is there already", \
      "netsh reports ports in use by the text of the sharing violation; an exclusion that overlaps in part is taken to be " \
      "refused so in every reading. For the identical one netsh has another text, which it prints for other objects.", \
      "ERROR_SHARING_VIOLATION", "ERROR_OBJECT_ALREADY_EXISTS", "accepted, and the named store has it") \
    X(95, true, A, A, CLIENT, "netsh add over a reservation", \
      "Administrators stop WinNAT before they exclude a port of its ranges, since netsh refuses them with the sharing " \
      "violation. A persistent block lies in the same store.", \
      "ERROR_SHARING_VIOLATION over either kind", "over persistent ones alone; allowed over runtime ones", \
      "over runtime ones alone; allowed over persistent ones") \
    X(96, true, A, A, INFERRED, "netsh delete of an exclusion that is not there", \
      "Nobody quotes the text. DeletePersistent..., whose store it is, answers ERROR_NOT_FOUND.", \
      "ERROR_NOT_FOUND", "ERROR_FILE_NOT_FOUND") \
    X(97, true, A, A, INFERRED, "netsh delete of a part of an exclusion", \
      "An entry of the store is named by its first port and its count, so that another pair names another entry.", \
      "as of one that is not there", "the part is deleted, the rest stays") \
    X(98, true, A, A, OBSERVED, "netsh delete of a range without the mark", \
      "Access is denied, even to administrators; one report adds that the range was gone all the same.", \
      "ERROR_ACCESS_DENIED", "ERROR_ACCESS_DENIED, and yet the range is gone") \
    X(99, true, A, A, INFERRED, "netsh delete and the two stores", \
      "The command names the store that it changes. What is deleted from the persistent one is deleted at once, as " \
      "administrators' recipes count on.", \
      "the named store alone decides: deleted as active, a persistent exclusion is back after the restart", \
      "gone from both stores, whichever is named") \
    X(100, true, A, A, INFERRED, "Do netsh and DeletePersistent... delete what the other has made?", \
      "Both keep their entries in one store, and one tool manages netsh's ranges by the functions; but the two kinds treat " \
      "binds differently, so that something tells them apart.", \
      "no: netsh answers ERROR_ACCESS_DENIED, the functions ERROR_NOT_FOUND", "yes") \
    X(101, true, A, A, INFERRED, "netsh add or delete by a process without the privilege", \
      "netsh is known for the text that asks for elevation; others of its commands print that access is denied.", \
      "ERROR_ELEVATION_REQUIRED", "ERROR_ACCESS_DENIED")

#define CANDIDATES_COUNT(...) (sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))
#define READING_ROW(question, modelled, documented, lean, provenance, title, note, ...) \
    { question, modelled, CANDIDATES_COUNT(__VA_ARGS__), documented, lean, PROVENANCE_##provenance, title, \
      { __VA_ARGS__ }, note },
static const struct reading rows[] = { READINGS(READING_ROW) };
#undef READING_ROW

enum { ROWS_COUNT = sizeof rows / sizeof rows[0] };
_Static_assert((int)ROWS_COUNT == (int)QUESTION_LAST, "questions are numbered from 1 without a gap");
_Static_assert((int)ROWS_COUNT < (int)READINGS_MAX, "a profile has an answer for each question");

/* A profile's answer is the candidate's index + 1: 0 would leave the question open. */
#define DOCUMENTED_ANSWER(question, modelled, documented, ...) [question] = (documented) + 1,
#define LEAN_ANSWER(question, modelled, documented, lean, ...) [question] = (lean) + 1,
static const struct profile profiles[] = {
    { "documented", { READINGS(DOCUMENTED_ANSWER) } },
    { "windows", { READINGS(LEAN_ANSWER) } },
};
#undef DOCUMENTED_ANSWER
#undef LEAN_ANSWER

const struct reading *reading_of(unsigned question) {
    if (question < 1 || question > ROWS_COUNT) return NULL;
    const struct reading *row = &rows[question - 1];
    assert(row->question == question);
    assert(row->lean < row->candidates_count);
    assert(row->documented < row->candidates_count);
    return row;
}

const struct reading *readings(unsigned *count) {
    assert(count != NULL);
    *count = ROWS_COUNT;
    return rows;
}

const char *provenance_name(enum provenance provenance) {
    switch (provenance) {
    case PROVENANCE_DOCUMENTED: return "documented";
    case PROVENANCE_OBSERVED: return "observed";
    case PROVENANCE_CLIENT: return "client";
    case PROVENANCE_INFERRED: return "inferred";
    case PROVENANCE_SILENT: return "silent";
    }
    assert(!"a provenance outside the enumeration");
    return "";
}

const struct profile *profile_named(const char *name) {
    assert(name != NULL);
    for (unsigned i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        if (strcmp(profiles[i].name, name) == 0) return &profiles[i];
    }
    return NULL;
}
