import Glibc

/// The processor time that this thread has used.
func threadSeconds() -> Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

/// The processor time that all threads of this process have used.
func processSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
