#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// How often the calling thread has asked for memory since it began.
///
/// Linked into an executable, this library takes the place of the C library's allocator and passes every call on to it.
uint64_t allocation_counter_count(void);

/// Takes out what a testing library has hooked into every throw of this process, which asks for memory each time, and
/// puts it back. Nothing else may throw meanwhile that wants its hooks.
void allocation_counter_unhook_throws(void);
void allocation_counter_rehook_throws(void);

/// Whether requests are counted: not where a sanitizer has an allocator of its own.
bool allocation_counter_is_counting(void);

#endif
