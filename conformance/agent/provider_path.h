/* The file that `--provider` names. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_PATH_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_PATH_H

/* Borrowed. Before the first windows_functions(). */
void provider_use(const char *path);

/* NULL: none was named. */
const char *provider_path(void);

#endif
