#include "allocation_counter.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_OTHER_ALLOCATOR 1
#endif
#endif

static __thread uint64_t requestCount;

uint64_t allocation_counter_count(void) { return requestCount; }

// The hooks of the Swift runtime.
extern _Atomic(void *) _swift_willThrow;
extern _Atomic(void *) _swift_willThrowTypedImpl;

static void *hook;
static void *typedHook;

void allocation_counter_unhook_throws(void) {
  hook = atomic_exchange(&_swift_willThrow, NULL);
  typedHook = atomic_exchange(&_swift_willThrowTypedImpl, NULL);
}

void allocation_counter_rehook_throws(void) {
  atomic_store(&_swift_willThrow, hook);
  atomic_store(&_swift_willThrowTypedImpl, typedHook);
}

#ifdef HAS_OTHER_ALLOCATOR

bool allocation_counter_is_counting(void) { return false; }

#else

bool allocation_counter_is_counting(void) { return true; }

// What the GNU C library calls its allocator, for those who replace it.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *pointer);

void *malloc(size_t size) {
  requestCount += 1;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  requestCount += 1;
  return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
  requestCount += 1;
  return __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size) {
  requestCount += 1;
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  requestCount += 1;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
  requestCount += 1;
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *pointer = memory;
  return 0;
}

void free(void *pointer) { __libc_free(pointer); }

#endif
