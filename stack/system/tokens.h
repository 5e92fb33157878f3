/* Functions of kernel32 and advapi32 about tokens: a start that may need elevation, and impersonation. Their parameters
 * are those of this project's language, since nobody logs on here: a manifest level stands for the program that has it,
 * an account for the token that its logon gives. */
#ifndef RESERVOIR_STACK_PROVIDER_TOKENS_H
#define RESERVOIR_STACK_PROVIDER_TOKENS_H

#include "stack/system/context.h"

void call_CreateProcess(struct context *context);
void call_ImpersonateLoggedOnUser(struct context *context);
void call_RevertToSelf(struct context *context);

#endif
