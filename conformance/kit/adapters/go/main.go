// The Go module github.com/corona10/goimagehash: `go run . phash`.
package main

import (
	"bufio"
	"fmt"
	"image"
	_ "image/png"
	"os"

	"github.com/corona10/goimagehash"
)

func main() {
	functions := map[string]func(image.Image) (*goimagehash.ImageHash, error){
		"ahash": goimagehash.AverageHash,
		"dhash": goimagehash.DifferenceHash,
		"phash": goimagehash.PerceptionHash,
	}
	hash := functions[os.Args[1]]
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		found, err := hashFile(lines.Text(), hash)
		if err != nil {
			fmt.Println()
			continue
		}
		fmt.Printf("%016x\n", found.GetHash())
	}
}

func hashFile(
	path string, hash func(image.Image) (*goimagehash.ImageHash, error),
) (*goimagehash.ImageHash, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoded, _, err := image.Decode(file)
	if err != nil {
		return nil, err
	}
	return hash(decoded)
}
