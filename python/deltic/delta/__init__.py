"""DeltaTable over Spark Connect for PySpark 3.5: the `delta` package where delta-spark has none for it.

delta-spark 3.x drives a JVM and delta-spark 4.x wants PySpark 4. deltic.install() makes `from delta.tables
import DeltaTable` give this package's classes on Spark Connect sessions; user code does not import it by its own name.
"""
