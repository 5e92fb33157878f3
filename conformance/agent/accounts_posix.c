#include "conformance/agent/accounts.h"

#include <unistd.h>

/* Nearest to what Windows means: root may do everything, and no other user is known to be an administrator. */
void accounts_find_own(struct own_account *own) {
    bool is_root = geteuid() == 0;
    own->kind = is_root ? ACCOUNT_BUILTIN_ADMINISTRATOR : ACCOUNT_STANDARD_USER;
    own->administrators_enabled = is_root;
}

bool accounts_have_restricted_token(void) { return false; }

bool accounts_program_is_there(enum manifest manifest) { return manifest == MANIFEST_AS_INVOKER; }
