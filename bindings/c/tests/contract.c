/* Checks the promises of ownprint.h: errors instead of crashes for every argument that is out of
 * range, ends of streams, sizes of buffers, threads, and files of any content. It is compiled as C
 * and as C++, with the sanitizers of addresses, leaks and undefined behaviour.
 *
 * contract IMAGE SCRATCH [FILE]...: IMAGE can be decoded, SCRATCH is a file to write, and of each
 * FILE nothing is known. */

#include <ownprint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                     \
    do {                                                                     \
        if (!(condition)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
            exit(1);                                                         \
        }                                                                    \
    } while (0)

static ownprint_error error;

/* Checks that a call fails with a code, and that its message is a text. */
#define FAILS(call, expected)                                                \
    do {                                                                     \
        memset(&error, 0x7f, sizeof error);                                  \
        unsigned status = (unsigned)(call);                                  \
        CHECK(status != OWNPRINT_STATUS_OK);                                 \
        CHECK(strcmp(ownprint_status_code(status), expected) == 0);          \
        CHECK(strcmp(error.code, expected) == 0);                            \
        CHECK(memchr(error.message, 0, sizeof error.message) != NULL);       \
        CHECK(strlen(error.message) > 5);                                    \
    } while (0)

#define SUCCEEDS(call) CHECK((call) == OWNPRINT_STATUS_OK)

enum { SIDE = 64, PIXELS = SIDE * SIDE * 3 };
static uint8_t rgb[PIXELS];

static unsigned char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    CHECK(fseek(file, 0, SEEK_END) == 0);
    *length = (size_t)ftell(file);
    rewind(file);
    /* Exactly its length, so that a read beyond it is seen. */
    unsigned char *bytes = (unsigned char *)malloc(*length ? *length : 1);
    CHECK(bytes != NULL && fread(bytes, 1, *length, file) == *length);
    fclose(file);
    return bytes;
}

static void library(void) {
    CHECK(strchr(ownprint_version(), '.') != NULL);
    char *capabilities = ownprint_capabilities();
    CHECK(capabilities != NULL && strstr(capabilities, "\"sha512\"") != NULL);
    ownprint_string_free(capabilities);
    ownprint_string_free(NULL);
    CHECK(strcmp(ownprint_status_code(OWNPRINT_STATUS_OK), "ok") == 0);
    CHECK(strcmp(ownprint_status_code(4000000000u), "internal") == 0);
}

static void options(void) {
    ownprint_options *options;
    FAILS(ownprint_options_new(NULL, &error), "invalid-argument");
    SUCCEEDS(ownprint_options_new(&options, NULL));
    FAILS(ownprint_options_set_algorithms(NULL, "pdq", &error), "invalid-argument");
    FAILS(ownprint_options_set_algorithms(options, NULL, &error), "invalid-argument");
    FAILS(ownprint_options_set_algorithms(options, "\xff\xfe", &error), "invalid-argument");
    FAILS(ownprint_options_set_algorithms(options, "pqd", &error), "unknown-algorithm");
    CHECK(ownprint_options_set_algorithms(options, "pqd", NULL) ==
          OWNPRINT_STATUS_UNKNOWN_ALGORITHM);
    FAILS(ownprint_options_set_variants(options, "upside-down", &error), "unknown-variant");
    SUCCEEDS(ownprint_options_set_variants(options, "standard", &error));
    SUCCEEDS(ownprint_options_set_variants(options, NULL, &error));
    FAILS(ownprint_options_set_orientation(options, "", &error), "unknown-name");
    SUCCEEDS(ownprint_options_set_orientation(options, "ignore", &error));
    FAILS(ownprint_options_set_limit(options, "height ", 1, &error), "unknown-name");
    SUCCEEDS(ownprint_options_set_limit(options, "height", UINT64_MAX, &error));
    FAILS(ownprint_options_set_seconds_per_hash(options, -1, &error), "invalid-video");
    SUCCEEDS(ownprint_options_set_seconds_per_hash(options, 0.5, &error));
    SUCCEEDS(ownprint_options_set_accept_damaged(options, true, &error));
    SUCCEEDS(ownprint_options_set_rgb_md5(options, true, &error));
    /* A name of a megabyte: the message is cut. */
    size_t length = 1 << 20;
    char *name = (char *)malloc(length + 1);
    CHECK(name != NULL);
    memset(name, 'a', length);
    name[length] = 0;
    FAILS(ownprint_options_set_algorithms(options, name, &error), "unknown-algorithm");
    free(name);
    ownprint_options_free(options);
    ownprint_options_free(NULL);
}

static void pixels(void) {
    uint8_t hash[32], quality;
    ownprint_fingerprint *fingerprint;
    SUCCEEDS(ownprint_pdq_rgb(rgb, PIXELS, SIDE, SIDE, 0, &hash, &quality, &error));
    SUCCEEDS(ownprint_pdq_rgb(rgb, PIXELS, SIDE, SIDE, SIDE * 3, &hash, NULL, NULL));
    FAILS(ownprint_pdq_rgb(NULL, PIXELS, SIDE, SIDE, 0, &hash, &quality, &error), "invalid-argument");
    FAILS(ownprint_pdq_rgb(rgb, PIXELS, SIDE, SIDE, 0, NULL, &quality, &error), "invalid-argument");
    FAILS(ownprint_pdq_rgb(rgb, PIXELS - 1, SIDE, SIDE, 0, &hash, NULL, &error), "invalid-pixels");
    FAILS(ownprint_pdq_rgb(rgb, PIXELS, SIDE, SIDE, 1, &hash, NULL, &error), "invalid-pixels");
    FAILS(ownprint_pdq_rgb(rgb, PIXELS, SIDE, SIDE, SIZE_MAX, &hash, NULL, &error), "invalid-pixels");
    FAILS(ownprint_pdq_rgb(rgb, PIXELS, 0, SIDE, 0, &hash, NULL, &error), "invalid-pixels");
    FAILS(ownprint_pdq_rgb(rgb, PIXELS, UINT32_MAX, UINT32_MAX, 0, &hash, NULL, &error),
          "invalid-pixels");
    FAILS(ownprint_pdq_rgb(rgb, SIZE_MAX, SIDE, SIDE, 0, &hash, NULL, &error), "invalid-argument");
    FAILS(ownprint_pdq_rgb(NULL, 0, 0, 0, 0, &hash, NULL, &error), "invalid-pixels");

    uint8_t same[32], found;
    SUCCEEDS(ownprint_fingerprint_pixels(NULL, rgb, PIXELS, SIDE, SIDE, 0, "rgb8", 1, &fingerprint,
                                         &error));
    SUCCEEDS(ownprint_fingerprint_pdq(fingerprint, &same, &found, &error));
    CHECK(memcmp(hash, same, 32) == 0 && found == quality);
    FAILS(ownprint_fingerprint_digest(fingerprint, "md5", hash, 32, NULL, &error), "not-requested");
    ownprint_fingerprint_free(fingerprint);
    FAILS(ownprint_fingerprint_pixels(NULL, rgb, PIXELS, SIDE, SIDE, 0, "rgb9", 1, &fingerprint,
                                      &error),
          "unknown-name");
    CHECK(fingerprint == NULL);
    FAILS(ownprint_fingerprint_pixels(NULL, rgb, PIXELS, SIDE, SIDE, 0, "rgb8", 9, &fingerprint,
                                      &error),
          "invalid-argument");
    FAILS(ownprint_fingerprint_pixels(NULL, rgb, PIXELS, SIDE, SIDE, 0, "rgba8", 1, &fingerprint,
                                      &error),
          "invalid-pixels");
    FAILS(ownprint_fingerprint_pixels(NULL, rgb, PIXELS, SIDE, SIDE, 0, "rgb8", 1, NULL, &error),
          "invalid-argument");
}

static bool count(void *context, uint64_t bytes_read) {
    *(uint64_t *)context = bytes_read;
    return true;
}

static bool refuse(void *context, uint64_t bytes_read) {
    (void)bytes_read;
    ++*(int *)context;
    return false;
}

static void files(const char *image, const char *scratch) {
    ownprint_fingerprint *fingerprint = NULL;
    FAILS(ownprint_fingerprint_file(NULL, NULL, NULL, NULL, &fingerprint, &error),
          "invalid-argument");
    FAILS(ownprint_fingerprint_file(NULL, "", NULL, NULL, &fingerprint, &error), "io");
    FAILS(ownprint_fingerprint_file(NULL, "/", NULL, NULL, &fingerprint, &error), "io");
    int calls = 0;
    FAILS(ownprint_fingerprint_file(NULL, image, refuse, &calls, &fingerprint, &error), "cancelled");
    CHECK(calls == 1 && fingerprint == NULL);

    size_t length;
    unsigned char *bytes = read_file(image, &length);
    uint64_t seen = 0;
    SUCCEEDS(ownprint_fingerprint_file(NULL, image, count, &seen, &fingerprint, &error));
    CHECK(seen == length);
    char *json = ownprint_fingerprint_json(fingerprint);
    CHECK(json != NULL && strstr(json, "\"pdq\":{\"hex\":\"") != NULL);
    SUCCEEDS(ownprint_fingerprint_failure(fingerprint, &error));

    uint8_t buffer[128], pdq[32];
    size_t written = 7;
    SUCCEEDS(ownprint_fingerprint_pdq(fingerprint, &pdq, NULL, &error));
    SUCCEEDS(ownprint_fingerprint_hash(fingerprint, "pdq", 0, buffer, 32, &written, &error));
    CHECK(written == 32 && memcmp(buffer, pdq, 32) == 0);
    FAILS(ownprint_fingerprint_hash(fingerprint, "pdq", 0, buffer, 31, &written, &error),
          "invalid-argument");
    FAILS(ownprint_fingerprint_hash(fingerprint, "pdq", 1, buffer, 32, &written, &error),
          "invalid-argument");
    FAILS(ownprint_fingerprint_hash(fingerprint, "pdq", 0, NULL, 32, &written, &error),
          "invalid-argument");
    FAILS(ownprint_fingerprint_hash(fingerprint, "phash", 0, buffer, 128, &written, &error),
          "not-requested");
    FAILS(ownprint_fingerprint_hash(fingerprint, "md5", 0, buffer, 128, &written, &error),
          "unknown-algorithm");
    SUCCEEDS(ownprint_fingerprint_digest(fingerprint, "sha256", buffer, 32, &written, &error));
    FAILS(ownprint_fingerprint_digest(fingerprint, "sha512", buffer, 64, &written, &error),
          "not-requested");
    FAILS(ownprint_fingerprint_digest(fingerprint, "sha256", buffer, 0, &written, &error),
          "invalid-argument");
    FAILS(ownprint_fingerprint_pdq(NULL, &pdq, NULL, &error), "invalid-argument");
    FAILS(ownprint_fingerprint_failure(NULL, &error), "invalid-argument");
    CHECK(ownprint_fingerprint_json(NULL) == NULL);
    uint8_t digest[32];
    SUCCEEDS(ownprint_digest("sha256", bytes, length, digest, 32, &written, &error));
    CHECK(written == 32 && memcmp(buffer, digest, 32) == 0);

    /* The same file in pieces of every length up to 4,096 bytes. */
    ownprint_stream *stream;
    ownprint_fingerprint *streamed;
    SUCCEEDS(ownprint_stream_new(NULL, &stream, &error));
    FAILS(ownprint_stream_update(stream, NULL, 1, &error), "invalid-argument");
    SUCCEEDS(ownprint_stream_update(stream, NULL, 0, &error));
    for (size_t at = 0, piece = 1; at < length; at += piece, piece = piece % 4096 + 1) {
        if (piece > length - at) piece = length - at;
        SUCCEEDS(ownprint_stream_update(stream, bytes + at, piece, &error));
    }
    FAILS(ownprint_stream_finalize(stream, NULL, &error), "invalid-argument");
    SUCCEEDS(ownprint_stream_finalize(stream, &streamed, &error));
    char *again = ownprint_fingerprint_json(streamed);
    CHECK(strcmp(json, again) == 0);
    ownprint_string_free(again);
    ownprint_fingerprint_free(streamed);
    FAILS(ownprint_stream_finalize(stream, &streamed, &error), "stream-ended");
    CHECK(streamed == NULL);
    FAILS(ownprint_stream_update(stream, bytes, 1, &error), "stream-ended");
    ownprint_stream_free(stream);
    FAILS(ownprint_stream_update(NULL, bytes, 1, &error), "invalid-argument");
    /* A stream that is not finalized holds the image. */
    SUCCEEDS(ownprint_stream_new(NULL, &stream, &error));
    SUCCEEDS(ownprint_stream_update(stream, bytes, length, &error));
    ownprint_stream_free(stream);
    ownprint_stream_free(NULL);

    /* Half of the image: it has digests, and the failure says why there is no hash. */
    ownprint_fingerprint *half;
    SUCCEEDS(ownprint_fingerprint_bytes(NULL, bytes, length / 2, NULL, NULL, &half, &error));
    CHECK(ownprint_fingerprint_failure(half, &error) != OWNPRINT_STATUS_OK);
    CHECK(ownprint_fingerprint_pdq(half, &pdq, NULL, &error) != OWNPRINT_STATUS_OK);
    SUCCEEDS(ownprint_fingerprint_digest(half, "md5", buffer, 16, &written, &error));
    ownprint_fingerprint_free(half);
    SUCCEEDS(ownprint_fingerprint_bytes(NULL, NULL, 0, NULL, NULL, &half, &error));
    FAILS(ownprint_fingerprint_pdq(half, &pdq, NULL, &error), "not-an-image");
    ownprint_fingerprint_free(half);
    FAILS(ownprint_fingerprint_bytes(NULL, bytes, SIZE_MAX, NULL, NULL, &half, &error),
          "invalid-argument");

    /* An index with that hash. */
    ownprint_index *index;
    FAILS(ownprint_index_new("sha256", &index, &error), "unknown-algorithm");
    CHECK(index == NULL);
    SUCCEEDS(ownprint_index_new("pdq", &index, &error));
    SUCCEEDS(ownprint_fingerprint_pdq(fingerprint, &pdq, NULL, &error));
    uint32_t entry = 9;
    SUCCEEDS(ownprint_index_insert(index, pdq, 32, "first", &entry, &error));
    CHECK(entry == 0);
    FAILS(ownprint_index_insert(index, pdq, 31, "short", &entry, &error), "not-comparable");
    FAILS(ownprint_index_insert(index, NULL, 32, "null", &entry, &error), "invalid-argument");
    FAILS(ownprint_index_insert(index, pdq, 32, NULL, &entry, &error), "invalid-argument");
    char *hex;
    SUCCEEDS(ownprint_hash_to_hex("pdq", pdq, 32, &hex, &error));
    CHECK(strlen(hex) == 64 && strstr(json, hex) != NULL);
    char list[128];
    snprintf(list, sizeof list, "pdq %s\n", hex);
    size_t inserted;
    SUCCEEDS(ownprint_index_insert_list(index, (const uint8_t *)list, strlen(list), &inserted,
                                        &error));
    CHECK(inserted == 1 && ownprint_index_length(index) == 2);
    FAILS(ownprint_index_insert_list(index, (const uint8_t *)"pdq 0f\n", 7, NULL, &error),
          "invalid-record");
    uint8_t parsed[32];
    SUCCEEDS(ownprint_hash_from_hex("pdq", hex, parsed, 32, &written, &error));
    CHECK(written == 32 && memcmp(parsed, pdq, 32) == 0);
    FAILS(ownprint_hash_from_hex("pdq", "0f", parsed, 32, NULL, &error), "not-comparable");
    ownprint_string_free(hex);

    parsed[31] ^= 3;
    uint32_t distance;
    bool is_match = false;
    SUCCEEDS(ownprint_distance(pdq, parsed, 32, &distance, &error));
    CHECK(distance == 2);
    SUCCEEDS(ownprint_compare("pdq", pdq, parsed, 32, &distance, &is_match, &error));
    CHECK(distance == 2 && is_match);
    FAILS(ownprint_compare("phash", pdq, parsed, 32, &distance, &is_match, &error),
          "not-comparable");
    FAILS(ownprint_distance(pdq, parsed, 32, NULL, &error), "invalid-argument");

    ownprint_hits *hits;
    SUCCEEDS(ownprint_index_within(index, parsed, 32, UINT32_MAX, &hits, &error));
    const ownprint_hit *hit = ownprint_hits_get(hits, 0);
    CHECK(hit != NULL && hit->distance == 2 && strcmp(hit->payload, "first") == 0);
    CHECK(hit->variant == NULL && ownprint_hits_get(hits, 1) != NULL);
    CHECK(ownprint_hits_get(hits, 2) == NULL && ownprint_hits_get(hits, SIZE_MAX) == NULL);
    ownprint_hits_free(hits);
    FAILS(ownprint_index_within(index, parsed, 33, 0, &hits, &error), "not-comparable");
    CHECK(hits == NULL && ownprint_hits_get(NULL, 0) == NULL);
    bool was_there;
    SUCCEEDS(ownprint_index_remove(index, entry, &was_there, &error));
    CHECK(was_there);
    SUCCEEDS(ownprint_index_remove(index, 1000, &was_there, &error));
    CHECK(!was_there);
    SUCCEEDS(ownprint_index_save(index, scratch, &error));
    ownprint_index_free(index);
    SUCCEEDS(ownprint_index_load(scratch, 0, &index, &error));
    SUCCEEDS(ownprint_index_nearest(index, parsed, 32, SIZE_MAX, &hits, &error));
    /* Hits outlive their index. */
    ownprint_index_free(index);
    CHECK(ownprint_hits_get(hits, 0) != NULL && ownprint_hits_get(hits, 1) == NULL);
    ownprint_hits_free(hits);
    FAILS(ownprint_index_load(image, 2, &index, &error), "invalid-index");
    FAILS(ownprint_index_load(NULL, 2, &index, &error), "invalid-argument");
    CHECK(ownprint_index_length(NULL) == 0);
    ownprint_index_free(NULL);
    ownprint_hits_free(NULL);

    /* 42 bits are six bytes, whose first two bits are zero. */
    uint8_t colors[6] = {3, 1, 2, 3, 4, 5};
    SUCCEEDS(ownprint_hash_to_hex("colorhash", colors, 6, &hex, &error));
    CHECK(strcmp(hex, "30102030405") == 0);
    SUCCEEDS(ownprint_hash_from_hex("colorhash", hex, parsed, 6, &written, &error));
    CHECK(written == 6 && memcmp(parsed, colors, 6) == 0);
    ownprint_string_free(hex);
    colors[0] = 4;
    FAILS(ownprint_hash_to_hex("colorhash", colors, 6, &hex, &error), "invalid-hash");
    colors[0] = 64;
    FAILS(ownprint_hash_to_hex("colorhash", colors, 6, &hex, &error), "invalid-hash");
    FAILS(ownprint_hash_to_hex("colorhash", colors, 7, &hex, &error), "not-comparable");
    FAILS(ownprint_hash_to_hex("colorhash", NULL, 6, &hex, &error), "invalid-argument");

    ownprint_string_free(json);
    ownprint_fingerprint_free(fingerprint);
    ownprint_fingerprint_free(NULL);
    free(bytes);
}

/* A file of any content has digests, whole and cut anywhere. */
static void any_file(const ownprint_fingerprinter *fingerprinter, const char *path) {
    size_t length;
    unsigned char *bytes = read_file(path, &length);
    for (int part = 1; part <= 3; part++) {
        size_t cut = length * part / 3;
        unsigned char *copy = (unsigned char *)malloc(cut ? cut : 1);
        CHECK(copy != NULL);
        memcpy(copy, bytes, cut);
        ownprint_fingerprint *fingerprint;
        SUCCEEDS(ownprint_fingerprint_bytes(fingerprinter, copy, cut, NULL, NULL, &fingerprint,
                                            &error));
        free(copy);
        uint8_t md5[16];
        SUCCEEDS(ownprint_fingerprint_digest(fingerprint, "md5", md5, 16, NULL, &error));
        char *json = ownprint_fingerprint_json(fingerprint);
        CHECK(json != NULL && json[0] == '{');
        ownprint_string_free(json);
        ownprint_fingerprint_free(fingerprint);
    }
    free(bytes);
}

/* What several threads use at the same time. */
struct shared {
    ownprint_fingerprinter *fingerprinter;
    ownprint_stream *stream;
    ownprint_index *index;
    const char *image;
};

enum { THREADS = 8, TURNS = 50 };

static void *use(void *argument) {
    struct shared *shared = (struct shared *)argument;
    uint8_t hash[32], zero = 0;
    for (int turn = 0; turn < TURNS; turn++) {
        ownprint_hits *hits;
        SUCCEEDS(ownprint_pdq_rgb(rgb, PIXELS, SIDE, SIDE, 0, &hash, NULL, NULL));
        SUCCEEDS(ownprint_index_insert(shared->index, hash, 32, "turn", NULL, NULL));
        SUCCEEDS(ownprint_index_nearest(shared->index, hash, 32, 3, &hits, NULL));
        CHECK(ownprint_hits_get(hits, 0)->distance == 0);
        ownprint_hits_free(hits);
        SUCCEEDS(ownprint_stream_update(shared->stream, &zero, 1, NULL));
    }
    ownprint_fingerprint *fingerprint;
    SUCCEEDS(ownprint_fingerprint_file(shared->fingerprinter, shared->image, NULL, NULL,
                                       &fingerprint, NULL));
    SUCCEEDS(ownprint_fingerprint_pdq(fingerprint, &hash, NULL, NULL));
    ownprint_fingerprint_free(fingerprint);
    return NULL;
}

static void threads(const char *image) {
    struct shared shared = {NULL, NULL, NULL, image};
    SUCCEEDS(ownprint_fingerprinter_new(NULL, &shared.fingerprinter, &error));
    SUCCEEDS(ownprint_stream_new(shared.fingerprinter, &shared.stream, &error));
    SUCCEEDS(ownprint_index_new("pdq", &shared.index, &error));
    pthread_t running[THREADS];
    for (int at = 0; at < THREADS; at++)
        CHECK(pthread_create(&running[at], NULL, use, &shared) == 0);
    for (int at = 0; at < THREADS; at++) CHECK(pthread_join(running[at], NULL) == 0);
    CHECK(ownprint_index_length(shared.index) == THREADS * TURNS);
    ownprint_fingerprint *fingerprint;
    uint8_t zeros[THREADS * TURNS] = {0}, expected[16], found[16];
    SUCCEEDS(ownprint_stream_finalize(shared.stream, &fingerprint, &error));
    SUCCEEDS(ownprint_fingerprint_digest(fingerprint, "md5", found, 16, NULL, &error));
    SUCCEEDS(ownprint_digest("md5", zeros, sizeof zeros, expected, 16, NULL, &error));
    CHECK(memcmp(found, expected, 16) == 0);
    ownprint_fingerprint_free(fingerprint);
    ownprint_stream_free(shared.stream);
    ownprint_index_free(shared.index);
    ownprint_fingerprinter_free(shared.fingerprinter);
}

int main(int count, char **arguments) {
    CHECK(count >= 3);
    for (size_t at = 0; at < PIXELS; at++) rgb[at] = (uint8_t)(at * at / 7);
    library();
    options();
    pixels();
    files(arguments[1], arguments[2]);
    threads(arguments[1]);
    ownprint_options *everything;
    ownprint_fingerprinter *fingerprinter;
    SUCCEEDS(ownprint_options_new(&everything, &error));
    SUCCEEDS(ownprint_options_set_algorithms(everything, "all,vpdq", &error));
    SUCCEEDS(ownprint_options_set_variants(everything, "standard", &error));
    SUCCEEDS(ownprint_fingerprinter_new(everything, &fingerprinter, &error));
    ownprint_options_free(everything);
    for (int at = 3; at < count; at++) any_file(fingerprinter, arguments[at]);
    ownprint_fingerprinter_free(fingerprinter);
    printf("kept, with %d files\n", count - 3);
    return 0;
}
