package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.events.Notification;
import chase.daemon.fixtures.TestAccess;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.UnixHttp;
import chase.daemon.http.FailureCounter;
import chase.daemon.ledger.Ledger;
import chase.zeus.unit.Watts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventRoutesTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final ControlClient api;
  private final AtomicReference<String> heard = new AtomicReference<>("");

  EventRoutesTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
    api = new ControlClient(vertx, socket);
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aClientReceivesHelloAndThenEveryNotification() {
    serve(2, NEVER);
    listen(follow());

    daemon.publish(notification("GPU 0: 700 W to 420 W"));

    await().until(() -> heard.get().contains("700 W to 420 W"));
    assertThat(heard.get())
        .startsWith("event: hello\ndata: {\"version\":\"1.2.3\",")
        .endsWith(
            "event: limit\n"
                + "data: {\"at\":\"2026-11-23T12:00:00Z\",\"kind\":\"limit\","
                + "\"gpu\":\"GPU-6e8a0f6c-0000-4000-8000-000000000000\",\"from_watts\":700.0,"
                + "\"to_watts\":420.0,\"text\":\"GPU 0: 700 W to 420 W\"}\n\n");
  }

  @Test
  void anIdleStreamIsKeptAliveByHeartbeats() {
    serve(1, Duration.ofMillis(20));
    listen(follow());

    await().until(() -> heard.get().contains(": heartbeat\n\n: heartbeat\n\n"));
  }

  @Test
  void whenAllPlacesAreTakenTheOldestFollowerMakesRoom() {
    serve(1, NEVER);
    listen(follow());
    await().until(() -> heard.get().contains("event: hello"));

    assertThat(follow().statusCode()).isEqualTo(200);

    await()
        .until(() ->
            heard
                .get()
                .endsWith(
                    "event: end\ndata: {\"reason\":\"others want to follow, and 1 is all there may"
                        + " be\"}\n\n"));
  }

  @Test
  void followersThatNeverReadHoldNoPlaceAgainstThoseWhoDo() throws IOException {
    serve(4, NEVER);
    listen(follow());
    await().until(() -> heard.get().contains("event: hello"));
    List<SocketChannel> deaf = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      deaf.add(UnixHttp.open(socket, "GET", "/v1/events", "keep-alive"));
    }
    for (int i = 0; i < 32; i++) {
      String mark = "notification " + i + ".";
      daemon.publish(notification("x".repeat(16 * 1024) + mark));
      await().until(() -> heard.get().contains(mark));
    }

    assertThat(follow().statusCode()).isEqualTo(200);

    daemon.publish(notification("still here"));
    await().until(() -> heard.get().contains("still here"));
    for (SocketChannel each : deaf) {
      each.close();
    }
  }

  @Test
  void aFollowerThatDoesNotReadIsDroppedWithAReason() {
    serve(1, NEVER);
    HttpClientResponse slow = follow();
    slow.pause();

    for (int i = 0; i < 200; i++) {
      daemon.publish(notification("x".repeat(64 * 1024)));
    }
    await().until(() -> api.get("/v1/status").status() == 200);
    listen(slow);
    slow.resume();

    await()
        .until(() ->
            heard
                .get()
                .endsWith("event: end\ndata: {\"reason\":\"this client reads too slowly\"}\n\n"));
    assertThat(heard.get().length()).isLessThan(200 * 64 * 1024);
  }

  @Test
  void aStoppingServerSendsTheReason() {
    String deployment = serve(1, NEVER);
    listen(follow());
    await().until(() -> heard.get().contains("event: hello"));

    await(vertx.undeploy(deployment));

    await()
        .until(
            () -> heard.get().endsWith("event: end\ndata: {\"reason\":\"Chase is stopping\"}\n\n"));
  }

  private String serve(int most, Duration heartbeat) {
    return await(
        vertx.deployVerticle(
            new ControlServer(
                daemon.state(),
                TestAccess.ofOwner(),
                Ledger.NONE,
                new EventRoutes(daemon.notifications(), most),
                (on, router) -> {},
                FailureCounter.NONE,
                new SocketFile(socket),
                heartbeat)));
  }

  private HttpClientResponse follow() {
    return api.follow("/v1/events");
  }

  private void listen(HttpClientResponse response) {
    response.handler(text -> heard.updateAndGet(before -> before + text));
    response.resume();
  }

  private static Notification notification(String text) {
    return new Notification(
        TestDaemon.NOON,
        Notification.NotificationKind.LIMIT,
        Optional.of(TestDaemon.FIRST),
        Optional.of(new Watts(700)),
        Optional.of(new Watts(420)),
        text);
  }
}
