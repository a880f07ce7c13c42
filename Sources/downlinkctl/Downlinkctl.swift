import ArgumentParser

@main
struct Downlinkctl: ParsableCommand {
}
