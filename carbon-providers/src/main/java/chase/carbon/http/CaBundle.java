package chase.carbon.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of authorities that this host trusts beside those of Java, such as a company's own.
 *
 * @param file the file that holds them, in PEM
 * @param certificates at least one
 */
public record CaBundle(Path file, List<X509Certificate> certificates) {
  /** All public authorities together take a quarter of a megabyte. */
  private static final long MAX_BYTES = 4 << 20;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final Pattern BLOCK =
      Pattern.compile(BEGIN + "([^-]*)-----END CERTIFICATE-----", Pattern.DOTALL);

  /** How a certificate in DER begins. */
  private static final byte SEQUENCE = 0x30;

  /** Copies the list. */
  public CaBundle {
    certificates = List.copyOf(certificates);
  }

  /**
   * Reads every certificate of {@code file}; text around them does not matter. Blocks.
   *
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException in one line that names the file, when it holds no certificate,
   *     one that cannot be read, or none that is still valid at {@code now}
   */
  public static CaBundle read(Path file, Instant now) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException(file + " is over 4 MiB, which no file of certificates is");
    }
    byte[] bytes = Files.readAllBytes(file);
    CaBundle bundle = new CaBundle(file, certificates(file, bytes));
    if (bundle.expiredAt(now) == bundle.certificates.size()) {
      throw new IllegalArgumentException(bundle.lastExpiry());
    }
    return bundle;
  }

  private static List<X509Certificate> certificates(Path file, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.isBlank()) {
      throw new IllegalArgumentException(file + " is empty");
    }
    List<X509Certificate> found = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      found.add(certificate(file, found.size() + 1, block.group(1)));
    }
    if (text.split(BEGIN, -1).length - 1 > found.size()) {
      throw unreadable(file, found.size() + 1, null);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + (bytes[0] == SEQUENCE
                  ? " is not PEM but DER (openssl x509 -inform der makes PEM of it)"
                  : " holds no certificate in PEM, which begins with " + BEGIN));
    }
    return found;
  }

  private static X509Certificate certificate(Path file, int number, String base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      throw unreadable(file, number, e);
    }
  }

  private static IllegalArgumentException unreadable(
      Path file, int number, @Nullable Exception cause) {
    return new IllegalArgumentException(
        String.format(Locale.ROOT, "certificate %d of %s is damaged", number, file), cause);
  }

  private static boolean isExpired(X509Certificate certificate, Instant now) {
    return certificate.getNotAfter().toInstant().isBefore(now);
  }

  /** How many of them have expired. */
  private long expiredAt(Instant now) {
    return certificates.stream().filter(one -> isExpired(one, now)).count();
  }

  private String lastExpiry() {
    X509Certificate last =
        certificates.stream().max(Comparator.comparing(X509Certificate::getNotAfter)).orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s %s has expired, %s on %s",
        certificates.size() == 1 ? "the certificate in" : "every certificate in",
        file,
        name(last),
        last.getNotAfter().toInstant());
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /** For people, such as {@code 2 certificates of /etc/chase/ca.pem, 1 of which has expired}. */
  public String description(Instant now) {
    long expired = expiredAt(now);
    return String.format(
        Locale.ROOT,
        "%d certificate%s of %s%s",
        certificates.size(),
        certificates.size() == 1 ? "" : "s",
        file,
        expired == 0 ? "" : ", " + expired + " of which expired");
  }

  /** Trusts these and whatever Java trusts. */
  X509TrustManager trust() {
    try {
      KeyStore all = KeyStore.getInstance("PKCS12");
      all.load(null, null);
      List<X509Certificate> trusted = new ArrayList<>(certificates);
      trusted.addAll(List.of(manager(null).getAcceptedIssuers()));
      for (int i = 0; i < trusted.size(); i++) {
        all.setCertificateEntry("authority-" + i, trusted.get(i));
      }
      return manager(all);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java has PKCS12 and X.509", e);
    }
  }

  /** With {@code null} what Java trusts. */
  private static X509TrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  /** Makes connections to servers whose certificates {@code trust} believes. */
  static SSLSocketFactory sockets(X509TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }
}
