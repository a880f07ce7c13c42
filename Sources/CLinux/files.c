#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>

int clinux_reserve(int descriptor, int64_t offset, int64_t byte_count) {
  return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, byte_count) < 0 ? -errno : 0;
}
