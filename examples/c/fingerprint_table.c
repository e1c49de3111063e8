/* Prints a table of files: the PDQ hash, its quality, the SHA-512 digest and the name. */

#include <ownprint.h>
#include <stdio.h>

static void print_hex(const uint8_t *bytes, size_t length) {
    for (size_t at = 0; at < length; at++) printf("%02x", bytes[at]);
}

/* Prints why a call failed, and returns 1. */
static int fail(const char *what, const ownprint_error *error) {
    fprintf(stderr, "%s: %s: %s\n", what, error->code, error->message);
    return 1;
}

static int print_row(const ownprint_fingerprinter *fingerprinter, const char *path) {
    ownprint_error error;
    ownprint_fingerprint *fingerprint;
    if (ownprint_fingerprint_file(fingerprinter, path, NULL, NULL, &fingerprint, &error))
        return fail(path, &error);

    uint8_t hash[32], quality;
    if (ownprint_fingerprint_pdq(fingerprint, &hash, &quality, &error)) {
        printf("%s -", error.code);
    } else {
        print_hex(hash, sizeof hash);
        printf(" %d", quality);
    }
    uint8_t digest[64];
    size_t length;
    int failed = ownprint_fingerprint_digest(fingerprint, "sha512", digest, sizeof digest, &length,
                                             &error) != OWNPRINT_STATUS_OK;
    ownprint_fingerprint_free(fingerprint);
    if (failed) return fail(path, &error);
    printf(" ");
    print_hex(digest, length);
    printf(" %s\n", path);
    return 0;
}

int main(int count, char **arguments) {
    ownprint_error error;
    ownprint_options *options;
    ownprint_fingerprinter *fingerprinter = NULL;
    if (ownprint_options_new(&options, &error)) return fail("options", &error);
    int failed = ownprint_options_set_algorithms(options, "pdq,sha512", &error) ||
                 ownprint_fingerprinter_new(options, &fingerprinter, &error);
    ownprint_options_free(options);
    if (failed) return fail("fingerprinter", &error);
    for (int at = 1; at < count; at++) failed |= print_row(fingerprinter, arguments[at]);
    ownprint_fingerprinter_free(fingerprinter);
    return failed;
}
