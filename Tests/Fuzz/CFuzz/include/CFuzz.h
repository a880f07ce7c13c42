#pragma once
#include <stddef.h>
#include <stdint.h>

/// The main loop of libFuzzer, for programs that keep their own `main`.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *bytes, size_t byte_count));

/// Puts the bytes into a file that exists only in memory, the same one each time, and returns its path.
const char *fuzz_memory_file(const void *bytes, size_t byte_count);
