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

int clock_gettime(clockid_t clock, struct timespec *time) {
  static volatile int64_t *step;
  if (!step) {
    const char *path = getenv("CLOCK_STEP_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *memory = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, file, 0);
    static int64_t none;
    if (file >= 0) close(file);
    step = memory == MAP_FAILED ? &none : memory;
  }
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) {
    int64_t nanoseconds = time->tv_nsec + *step % 1000000000;
    time->tv_sec += *step / 1000000000 + (nanoseconds >= 1000000000) - (nanoseconds < 0);
    time->tv_nsec = (nanoseconds + 1000000000) % 1000000000;
  }
  return result;
}
