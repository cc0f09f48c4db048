package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/** One call in the air. A thread that waits for it can be interrupted, which no socket read can. */
final class Flight implements Callback {
  private final ProviderRequest question;
  private final Call call;
  private final CompletableFuture<ProviderResponse> landing = new CompletableFuture<>();

  private Flight(ProviderRequest question, Call call) {
    this.question = question;
    this.call = call;
  }

  static ProviderResponse fly(ProviderRequest question, Call call)
      throws IOException, CarbonUnavailable, InterruptedException {
    Flight flight = new Flight(question, call);
    call.enqueue(flight);
    return flight.land();
  }

  @Override
  public void onResponse(Call done, Response response) {
    try (response) {
      landing.complete(ProviderResponse.of(question, response));
    } catch (IOException | CarbonUnavailable | RuntimeException failure) {
      landing.completeExceptionally(failure);
    }
  }

  @Override
  public void onFailure(Call done, IOException failure) {
    landing.completeExceptionally(failure);
  }

  private ProviderResponse land() throws IOException, CarbonUnavailable, InterruptedException {
    try {
      return landing.get();
    } catch (InterruptedException stop) {
      call.cancel();
      throw stop;
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException transport -> throw transport;
        case CarbonUnavailable refused -> throw refused;
        case null, default -> throw new IllegalStateException(failed.getCause());
      }
    }
  }
}
