module example.org/fingerprint-table

go 1.19
