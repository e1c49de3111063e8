# The static command line, without a system around it. Build the program first:
#   cargo xtask package cli x86_64-unknown-linux-musl
#   docker build --tag ownprint --file Dockerfile target/cli/ownprint-0.1.0-x86_64-unknown-linux-musl
#   docker run --rm --network none --volume "$PWD:/data:ro" ownprint hash /data/photo.jpg
FROM scratch
COPY LICENSE-APACHE LICENSE-MIT ownprint /
USER 65534:65534
ENTRYPOINT ["/ownprint"]
