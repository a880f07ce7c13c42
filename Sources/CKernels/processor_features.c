// What this processor can do, asked once and in one place, so that one switch can deny all of it.

#include <stdatomic.h>

#include "CKernels.h"

static atomic_int is_portable_forced;

void ckernels_force_portable(void) { atomic_store(&is_portable_forced, 1); }

#if defined(__x86_64__)

int ckernels_has_pclmul(void) {
  __builtin_cpu_init();
  return !atomic_load(&is_portable_forced) && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")
         && __builtin_cpu_supports("ssse3");
}

int ckernels_has_avx2(void) {
  __builtin_cpu_init();
  return !atomic_load(&is_portable_forced) && __builtin_cpu_supports("avx2");
}

#else

int ckernels_has_pclmul(void) { return 0; }

int ckernels_has_avx2(void) { return 0; }

#endif
