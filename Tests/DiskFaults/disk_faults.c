#define _GNU_SOURCE
#include "disk_faults.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char prefix[1024];
static long refusals;

void disk_faults_refuse(const char *wanted) {
  pthread_mutex_lock(&lock);
  snprintf(prefix, sizeof prefix, "%s", wanted ? wanted : "");
  pthread_mutex_unlock(&lock);
}

long disk_faults_refusal_count(void) {
  pthread_mutex_lock(&lock);
  long count = refusals;
  pthread_mutex_unlock(&lock);
  return count;
}

static int is_refused(int descriptor) {
  char name[64], path[1024];
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(name, path, sizeof path);
  size_t wanted = strlen(prefix);
  return wanted > 0 && length >= (ssize_t)wanted && memcmp(path, prefix, wanted) == 0;
}

// In the place of the C library's, for all that is linked into the tests.
int fsync(int descriptor) {
  pthread_mutex_lock(&lock);
  int refused = is_refused(descriptor);
  refusals += refused;
  pthread_mutex_unlock(&lock);
  if (refused) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fsync, descriptor);
}
