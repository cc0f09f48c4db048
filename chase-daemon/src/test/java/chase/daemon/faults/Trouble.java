package chase.daemon.faults;

import chase.daemon.fixtures.UnixHttp;
import chase.zeus.fixtures.FakeDriver;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Everything that can go wrong around a daemon, one after the other, and how each passes. */
enum Trouble {
  GPU_LOST {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().lose(gpu);
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().fail(gpu, 0);
    }
  },
  GPU_HANGS {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().hang(gpu, random.nextBoolean() ? "nvmlDeviceGet" : "nvmlDeviceSet");
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().mend();
    }
  },
  GPU_FAILS {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().fail(gpu, 999);
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().fail(gpu, 0);
    }
  },
  NONSENSE_READ {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().report(gpu, FakeDriver.Figures.ALL_ONES);
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().report(gpu, FakeDriver.Figures.TRUE);
    }
  },
  WRITES_REFUSED {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().refuseWrites(gpu, true);
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().refuseWrites(gpu, false);
    }
  },
  RIVAL_WRITES {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().foreignLimit(gpu, new Watts(200 + random.nextInt(50)));
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().foreignLimit(gpu, ORIGINALS.get(gpu));
    }
  },
  MIG_SWITCHED_ON {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().mig(gpu, true);
    }

    @Override
    void end(SoakedHost host, int gpu) {
      host.driver().mig(gpu, false);
    }
  },
  DRIVER_RELOADED {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.reloadDriver();
    }

    @Override
    void end(SoakedHost host, int gpu) {}
  },
  JOBS_COME_AND_GO {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      host.driver().load(gpu, new Watts(100 + random.nextInt(150)));
      HostileClients.post(host, "/v1/jobs", "{\"name\":\"job\",\"gpus\":[\"" + gpu + "\"]}");
    }

    @Override
    void end(SoakedHost host, int gpu) {
      UnixHttp.call(host.socket(), "GET", "/v1/jobs")
          .json()
          .forEach(job -> {
            String path = "/v1/jobs/" + job.path("id").asText();
            HostileClients.post(host, path + "/steps", "{\"steps\":100}");
            UnixHttp.call(host.socket(), "DELETE", path);
          });
    }
  },
  OPERATOR_COMMANDS {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      HostileClients.post(
          host, "/v1/gpus/" + gpu + "/override", "{\"limit_watts\":220,\"for\":\"1s\"}");
      HostileClients.post(host, "/v1/reload", "");
    }

    @Override
    void end(SoakedHost host, int gpu) {
      UnixHttp.call(host.socket(), "POST", "/v1/pause");
      UnixHttp.call(host.socket(), "POST", "/v1/resume");
    }
  },
  CLIENTS_COME_AND_GO {
    @Override
    void begin(SoakedHost host, int gpu, Random random) {
      new HostileClients(host).come(random);
    }

    @Override
    void end(SoakedHost host, int gpu) {}
  };

  static final List<Watts> ORIGINALS = List.of(new Watts(700), new Watts(400), new Watts(250));

  /** It happens, on one GPU where it is a GPU's. */
  abstract void begin(SoakedHost host, int gpu, Random random);

  /** It is over. */
  abstract void end(SoakedHost host, int gpu);

  /** Clients that ask anything and leave. */
  record HostileClients(SoakedHost host) {
    private static final HostileRequests REQUESTS = new HostileRequests();

    static void post(SoakedHost host, String path, String body) {
      String request =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      send(host, request.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(SoakedHost host, byte[] bytes) {
      try {
        RawClient.send(UnixDomainSocketAddress.of(host.socket()), bytes, Duration.ofSeconds(20));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void come(Random random) {
      List<SocketChannel> streams = new ArrayList<>();
      try {
        for (int i = 0; i < 10; i++) {
          streams.add(UnixHttp.open(host.socket(), "GET", "/v1/events", "keep-alive"));
        }
        for (int i = 0; i < 20; i++) {
          send(host, REQUESTS.wellFormed(READS, random));
        }
        for (SocketChannel stream : streams) {
          stream.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static final List<String> READS =
        HostileRequests.CONTROL.stream().filter(request -> request.startsWith("GET")).toList();
  }
}
