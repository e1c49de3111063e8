/* Prints the PDQ hashes of files. */
#include <ownprint.h>
#include <stdio.h>

static int print_hash(const char *path) {
    ownprint_error error;
    ownprint_fingerprint *fingerprint;
    uint8_t hash[32];
    ownprint_status status =
        ownprint_fingerprint_file(NULL, path, NULL, NULL, &fingerprint, &error);
    if (status == 0) {
        status = ownprint_fingerprint_pdq(fingerprint, &hash, NULL, &error);
        ownprint_fingerprint_free(fingerprint);
    }
    if (status != 0) {
        fprintf(stderr, "%s: %s: %s\n", path, error.code, error.message);
        return 1;
    }
    for (size_t byte = 0; byte < sizeof hash; byte += 1) printf("%02x", hash[byte]);
    putchar('\n');
    return 0;
}

int main(int argc, char **argv) {
    for (int position = 1; position < argc; position += 1) {
        if (print_hash(argv[position])) return 1;
    }
    return 0;
}
