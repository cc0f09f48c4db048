package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.host.ClassCache;
import chase.daemon.host.KernelClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is the same for every process of the host: its clock, and the start of Chase's commands. */
final class HostChecks {
  private HostChecks() {}

  static List<CheckBody> all() {
    List<CheckBody> checks = new ArrayList<>();
    checks.add(clock(KernelClock.read()));
    checks.add(cache(ClassCache.ofThisProcess()));
    return checks;
  }

  static CheckBody clock(Optional<KernelClock> clock) {
    if (clock.isEmpty()) {
      return CheckBody.note("clock", "the kernel does not say whether it is synchronised");
    }
    return clock.get().synchronised()
        ? CheckBody.ok(
            "clock",
            String.format(
                Locale.ROOT,
                "synchronised, at most %d ms off",
                clock.get().maximumError().toMillis()))
        : CheckBody.warning("clock", "not synchronised: the signal's hours may not be this host's")
            .withRemedy("sudo timedatectl set-ntp true, or install chrony");
  }

  static CheckBody cache(ClassCache cache) {
    return switch (cache.state()) {
      case IN_USE -> CheckBody.ok("cache", "the class cache is in use: commands start fast");
      case ABSENT ->
          CheckBody.note("cache", "there is no class cache: commands start slower")
              .withRemedy(cache.recipe());
      case VOID ->
          CheckBody.warning(
                  "cache",
                  "the class cache is void: another JDK or other jars than it was made for")
              .withRemedy(cache.recipe());
    };
  }
}
