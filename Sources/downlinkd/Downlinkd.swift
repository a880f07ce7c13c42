import ArgumentParser

@main
struct Downlinkd: ParsableCommand {
}
