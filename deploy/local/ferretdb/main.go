// Command ferretdb serves MongoDB's wire protocol over SQLite or PostgreSQL, for machines that cannot run MongoDB.
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	config := &ferretdb.Config{
		Handler: "sqlite",
		Logger:  slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	}
	flag.StringVar(&config.SQLiteURL, "data", "", "directory of its files and pragmas: file:DIR/?_pragma=…")
	flag.StringVar(&config.PostgreSQLURL, "postgresql", "", "a database of PostgreSQL instead: postgres://…")
	flag.StringVar(&config.Listener.TCP, "tcp", "", "address in clear, host:port")
	flag.StringVar(&config.Listener.TLS, "tls", "", "address with TLS, host:port")
	flag.StringVar(&config.Listener.TLSCertFile, "cert", "", "certificate, PEM")
	flag.StringVar(&config.Listener.TLSKeyFile, "key", "", "its key, PEM")
	flag.Parse()
	if config.PostgreSQLURL != "" {
		config.Handler = "postgresql"
	}

	server, err := ferretdb.New(config)
	if err != nil {
		log.Fatal(err)
	}
	until, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := server.Run(until); err != nil {
		log.Fatal(err)
	}
}
