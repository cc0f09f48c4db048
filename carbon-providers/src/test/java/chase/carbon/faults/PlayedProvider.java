package chase.carbon.faults;

import chase.carbon.CarbonProvider;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.http.CallLimiter.CallRules;
import chase.carbon.http.ProviderHttp;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;

/** A provider's API that is played, and what is known of its client. */
interface PlayedProvider extends FaultyServer.Api {
  /** As its report is named. */
  String title();

  TrueCourse course();

  SignalKind kind();

  CarbonProvider client(URI url, ProviderHttp http, InstantSource clock);

  CallRules callRules(int budget);

  /** What it cannot have. */
  Set<Fault> impossible();

  /** Why some of its numbers are held back at least. */
  default Set<RejectReason> heldBack() {
    return Set.of(RejectReason.MISSING, RejectReason.UNREADABLE, RejectReason.JUMP);
  }

  /** What the signal is when nothing is wrong. */
  default Set<FallbackLevel> best() {
    return Set.of(FallbackLevel.LIVE);
  }
}
