package chase.daemon.control;

import chase.daemon.fixtures.OpenApiContract;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Calls the control socket as curl would. */
final class ControlClient {
  private static final JsonMapper MAPPER = new JsonMapper();
  private final OpenApiContract contract = OpenApiContract.shipped();
  private final Vertx vertx;
  private final HttpClient client;
  private final Path socket;

  ControlClient(Vertx vertx, Path socket) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(64));
    this.socket = socket;
  }

  record Reply(int status, JsonNode json) {
    String error() {
      return status + " " + json.path("error").asText() + ": " + json.path("detail").asText();
    }
  }

  Reply call(HttpMethod method, String path, String body) {
    return await(send(method, path, body));
  }

  Reply get(String path) {
    return call(HttpMethod.GET, path, "");
  }

  Future<Reply> send(HttpMethod method, String path, String body) {
    return onLoop(() ->
        open(method, path, body)
            .compose(response ->
                response
                    .body()
                    .map(text -> checked(method, path, body, response.statusCode(), text))));
  }

  /** Every answer in a test, and what the server took, must be as the document says. */
  private Reply checked(HttpMethod method, String path, String body, int status, Buffer text) {
    contract.checkAnswer(method, path, status, text.toString());
    if (status < 300 && !body.isEmpty()) {
      contract.checkRequest(method, path, body);
    }
    return new Reply(status, json(text));
  }

  /** An answer whose body waits until it is resumed. */
  HttpClientResponse follow(String path) {
    return await(onLoop(() -> open(HttpMethod.GET, path, "").onSuccess(HttpClientResponse::pause)));
  }

  /** On an event loop, since elsewhere an answer could come before its reader. */
  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(now -> work.get().onComplete(done));
    return done.future();
  }

  private Future<HttpClientResponse> open(HttpMethod method, String path, String body) {
    var options =
        new RequestOptions()
            .setServer(SocketAddress.domainSocketAddress(socket.toString()))
            .setHost("chase")
            .setMethod(method)
            .setURI(path);
    return client.request(options).compose(request -> send(request, body));
  }

  private static Future<HttpClientResponse> send(HttpClientRequest request, String body) {
    return body.isEmpty()
        ? request.send()
        : request.putHeader("content-type", "application/x-www-form-urlencoded").send(body);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within 10 s", e);
    }
  }

  private static JsonNode json(Buffer text) {
    try {
      return MAPPER.readTree(text.getBytes());
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
