// Preloaded into a program, it moves its time of day by the nanoseconds in the file that CLOCK_STEP_FILE names, and leaves
// the monotonic clock alone. Unlike libfaketime it does not touch the environment, behind which Swift looks for its
// arguments.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t none;
static volatile int64_t *step = &none;

// Before the program shuts itself off from the file system.
__attribute__((constructor)) static void read_step(void) {
  const char *path = getenv("CLOCK_STEP_FILE");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *memory = mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) step = memory;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) {
    int64_t nanoseconds = time->tv_nsec + *step % 1000000000;
    time->tv_sec += *step / 1000000000 + (nanoseconds >= 1000000000) - (nanoseconds < 0);
    time->tv_nsec = (nanoseconds + 1000000000) % 1000000000;
  }
  return result;
}
