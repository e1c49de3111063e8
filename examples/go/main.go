// Prints a table of files: the PDQ hash, its quality, the SHA-512 digest and the name.
//
//	PKG_CONFIG_PATH="$PWD/target/c/lib/pkgconfig" go -C examples/go run . photo.jpg
package main

/*
#cgo pkg-config: ownprint
#include <ownprint.h>
#include <stdlib.h>
*/
import "C"

import (
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

// Error has the stable code of the library, and a sentence.
type Error struct{ Code, Message string }

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func failure(e *C.ownprint_error) error {
	return &Error{C.GoString(e.code), C.GoString(&e.message[0])}
}

// Fingerprinter may be used by any number of goroutines at the same time.
type Fingerprinter struct{ handle *C.ownprint_fingerprinter }

// NewFingerprinter computes the named hashes and digests, separated by commas.
func NewFingerprinter(algorithms string) (*Fingerprinter, error) {
	var e C.ownprint_error
	var options *C.ownprint_options
	if C.ownprint_options_new(&options, &e) != C.OWNPRINT_STATUS_OK {
		return nil, failure(&e)
	}
	defer C.ownprint_options_free(options)
	names := C.CString(algorithms)
	defer C.free(unsafe.Pointer(names))
	if C.ownprint_options_set_algorithms(options, names, &e) != C.OWNPRINT_STATUS_OK {
		return nil, failure(&e)
	}
	fingerprinter := &Fingerprinter{}
	if C.ownprint_fingerprinter_new(options, &fingerprinter.handle, &e) != C.OWNPRINT_STATUS_OK {
		return nil, failure(&e)
	}
	runtime.SetFinalizer(fingerprinter, func(it *Fingerprinter) {
		C.ownprint_fingerprinter_free(it.handle)
	})
	return fingerprinter, nil
}

// Row returns the columns of the table for a file.
func (f *Fingerprinter) Row(path string) (string, error) {
	var e C.ownprint_error
	var fingerprint *C.ownprint_fingerprint
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	defer runtime.KeepAlive(f)
	if C.ownprint_fingerprint_file(f.handle, name, nil, nil, &fingerprint, &e) != C.OWNPRINT_STATUS_OK {
		return "", failure(&e)
	}
	defer C.ownprint_fingerprint_free(fingerprint)

	var hash [32]C.uint8_t
	var quality C.uint8_t
	pdq := ""
	if C.ownprint_fingerprint_pdq(fingerprint, &hash, &quality, &e) == C.OWNPRINT_STATUS_OK {
		pdq = fmt.Sprint(hex.EncodeToString(C.GoBytes(unsafe.Pointer(&hash), 32)), " ", quality)
	} else {
		pdq = C.GoString(e.code) + " -"
	}
	var digest [64]C.uint8_t
	var length C.size_t
	sha512 := C.CString("sha512")
	defer C.free(unsafe.Pointer(sha512))
	if C.ownprint_fingerprint_digest(fingerprint, sha512, &digest[0], 64, &length, &e) != C.OWNPRINT_STATUS_OK {
		return "", failure(&e)
	}
	return fmt.Sprint(pdq, " ", hex.EncodeToString(C.GoBytes(unsafe.Pointer(&digest), C.int(length)))), nil
}

func main() {
	fingerprinter, err := NewFingerprinter("pdq,sha512")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := 0
	for _, path := range os.Args[1:] {
		row, err := fingerprinter.Row(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, path, err)
			status = 1
			continue
		}
		fmt.Println(row, path)
	}
	os.Exit(status)
}
