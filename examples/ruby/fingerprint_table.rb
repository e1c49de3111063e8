# Prints a table of files: the PDQ hash, its quality, the SHA-512 digest and the name. It needs
# only Ruby's standard library, and the path of the shared library.
#
#   OWNPRINT_LIBRARY=target/c/lib/libownprint.so ruby examples/ruby/fingerprint_table.rb photo.jpg

require "fiddle"
require "fiddle/import"

# The functions of ownprint.h that this program calls.
module Library
  extend Fiddle::Importer
  dlload ENV.fetch("OWNPRINT_LIBRARY", "libownprint.so")

  Failure = struct ["char *code", "char message[512]"]
  extern "int ownprint_options_new(void **, void *)"
  extern "int ownprint_options_set_algorithms(void *, const char *, void *)"
  extern "void ownprint_options_free(void *)"
  extern "int ownprint_fingerprinter_new(void *, void **, void *)"
  extern "void ownprint_fingerprinter_free(void *)"
  extern "int ownprint_fingerprint_file(void *, const char *, void *, void *, void **, void *)"
  extern "int ownprint_fingerprint_pdq(void *, void *, void *, void *)"
  extern "int ownprint_fingerprint_digest(void *, const char *, void *, size_t, void *, void *)"
  extern "void ownprint_fingerprint_free(void *)"
end

# Why a call failed: the stable code of the library, and a sentence.
class OwnprintError < StandardError
  attr_reader :code

  def initialize(failure)
    @code = failure.code.to_s
    super("#{@code}: #{failure.message.pack("c*").unpack1("Z*")}")
  end
end

# Calls a function with a place for its error, which is the last argument.
def check(function, *arguments)
  failure = Library::Failure.malloc(Fiddle::RUBY_FREE)
  status = Library.public_send(function, *arguments, failure)
  raise OwnprintError.new(failure) unless status.zero?
end

# Returns the object that a function creates. The place for it is the argument before the last.
def create(function, release, *arguments)
  place = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
  check(function, *arguments, place)
  object = place.ptr
  object.free = Fiddle::Function.new(Library[release], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_VOID)
  object
end

def buffer(length)
  Fiddle::Pointer.malloc(length, Fiddle::RUBY_FREE)
end

def pdq(fingerprint)
  hash, quality = buffer(32), buffer(1)
  check(:ownprint_fingerprint_pdq, fingerprint, hash, quality)
  "#{hash[0, 32].unpack1("H*")} #{quality[0, 1].unpack1("C")}"
rescue OwnprintError => error
  "#{error.code} -"
end

options = create(:ownprint_options_new, "ownprint_options_free")
check(:ownprint_options_set_algorithms, options, "pdq,sha512")
fingerprinter = create(:ownprint_fingerprinter_new, "ownprint_fingerprinter_free", options)

ARGV.each do |path|
  fingerprint = create(:ownprint_fingerprint_file, "ownprint_fingerprint_free",
                       fingerprinter, path, nil, nil)
  digest = buffer(64)
  check(:ownprint_fingerprint_digest, fingerprint, "sha512", digest, 64, nil)
  puts "#{pdq(fingerprint)} #{digest[0, 64].unpack1("H*")} #{path}"
end
