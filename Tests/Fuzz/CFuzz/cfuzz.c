#define _GNU_SOURCE
#include "CFuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const char *fuzz_memory_file(const void *bytes, size_t byte_count) {
  static int descriptor = -1;
  static char path[32];
  if (descriptor < 0) {
    descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  }
  if (descriptor < 0 || ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, bytes, byte_count, 0) != (ssize_t)byte_count) {
    abort();
  }
  return path;
}
