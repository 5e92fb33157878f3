/* The version of Reservoir: of the runner, the agent, the reports and the library alike. */
#ifndef RESERVOIR_CONFORMANCE_VERSION_H
#define RESERVOIR_CONFORMANCE_VERSION_H

#ifndef RESERVOIR_VERSION
#define RESERVOIR_VERSION "0.1.0"
#endif

#endif
