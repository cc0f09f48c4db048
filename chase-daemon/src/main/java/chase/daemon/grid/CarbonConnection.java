package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.http.CallCounts;
import java.util.List;
import java.util.function.Supplier;

/**
 * The carbon signal, and what must be let go when nobody asks for it any more.
 *
 * @param signal whom to ask, and how
 * @param calls how often each provider was asked; any thread may ask
 * @param providers the providers whose access is checked at the start
 * @param disconnect ends connections
 */
record CarbonConnection(
    SignalSettings.CarbonSettings signal,
    Supplier<List<CallCounts>> calls,
    List<CarbonProvider> providers,
    Runnable disconnect) {}
