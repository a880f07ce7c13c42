// What this toolchain's thread sanitizer does not see, because it is done in libraries that were not made for it.
// Linked into what is looked at, these take the place of the libraries' functions, and say what comes after what.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *place);
void __tsan_release(void *place);

// A thread that has to wait for a `Mutex` of Synchronization, or wakes another that does.

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

SWIFT void lock_slow(uint32_t thread, SELF mutex) __asm__(LOCK);
SWIFT void unlock_slow(SELF mutex) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF mutex) {
  SWIFT void (*lock)(uint32_t, SELF) = (SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK);
  lock(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF mutex) {
  SWIFT void (*unlock)(SELF) = (SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK);
  __tsan_release(mutex);
  unlock(mutex);
}

// Two values may share a buffer. Who gives it up has read it for the last time; who finds to be the only one left may
// write to it, or free it, and comes after all of those.

#define UNIQUE "swift_isUniquelyReferenced_nonNull_native"

void swift_release(void *object);
bool swift_isUniquelyReferenced_nonNull_native(void *object);

bool swift_isUniquelyReferenced_nonNull_native(void *object) {
  static bool (*is_unique)(void *);
  if (!is_unique) is_unique = (bool (*)(void *))dlsym(RTLD_NEXT, UNIQUE);
  if (!is_unique(object)) return false;
  __tsan_acquire(object);
  return true;
}

void swift_release(void *object) {
  static void (*release)(void *);
  if (!release) release = (void (*)(void *))dlsym(RTLD_NEXT, "swift_release");
  if (object && !swift_isUniquelyReferenced_nonNull_native(object)) __tsan_release(object);
  release(object);
}
