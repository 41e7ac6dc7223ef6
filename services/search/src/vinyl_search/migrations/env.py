from vinyl_chassis.migrations.running import run

run()
